'use client'

import dynamic from 'next/dynamic'
import { useOperation } from '@/app/(console)/_frame/catalogue'
import type { Places } from '@/app/(console)/_parts/holding/places'
import { OperationButton } from '@/components/operation/operation-button'
import type { BreakerGroup } from '@/lib/console/areas/breakers/group'
import { type PolicyInput, policyInput } from './policy-input'
import { toDraft } from './rule-draft'

// Opened less often than the sheet.
const PolicyForm = dynamic(() => import('./policy-form').then(module => module.PolicyForm))

interface PolicyActsProps {
  breaker: string
  group: BreakerGroup
  places: Places
}

/** Other rules for a while, and the declared ones again. */
export function PolicyActs({ breaker, group, places }: PolicyActsProps) {
  const change = useOperation('breaker.change-policy')
  const restore = useOperation('breaker.restore-policy')
  return (
    <>
      <OperationButton<PolicyInput>
        operation={change}
        input={policyInput(breaker, { kind: 'fleet' }, toDraft(group.policy))}
        label="Change policy…"
        subject={breaker}
      >
        {form => <PolicyForm form={form} places={places} />}
      </OperationButton>
      {group.changed ? (
        <OperationButton
          operation={restore}
          input={{ breaker, scope: { kind: 'fleet' } }}
          label="Restore policy"
          subject={breaker}
        />
      ) : null}
    </>
  )
}
