import type { ActScope } from '@/lib/console/fleet/act-scope'

export interface ForceInput {
  breaker: string
  scope: ActScope
  state: 'open' | 'closed' | 'shadow'
  reason: string
  minutes: number | null
}

export function forceInput(breaker: string, scope: ActScope): ForceInput {
  return { breaker, scope, state: 'open', reason: '', minutes: 60 }
}
