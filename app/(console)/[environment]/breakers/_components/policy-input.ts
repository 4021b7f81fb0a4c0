import type { BreakerInstance } from '@/lib/console/areas/breakers/collect'
import type { ActScope } from '@/lib/console/fleet/act-scope'
import { toPolicy } from './rule-draft'
import type { RuleDraft } from './rule-fields'

export interface PolicyInput {
  breaker: string
  scope: ActScope
  policy: BreakerInstance['policy']
  timeoutMs?: number
  halfOpenAfterMs?: number
  reason: string
  minutes: number | null
}

export function policyInput(breaker: string, scope: ActScope, rule: RuleDraft): PolicyInput {
  return { breaker, scope, policy: toPolicy(rule), reason: '', minutes: 60 }
}
