'use client'

import dynamic from 'next/dynamic'
import { useOperation } from '@/app/(console)/_frame/catalogue'
import type { Places } from '@/app/(console)/_parts/holding/places'
import { OperationButton } from '@/components/operation/operation-button'
import type { ActScope } from '@/lib/console/fleet/act-scope'
import { type ForceInput, forceInput } from './force-input'

// Opened less often than the sheet.
const ForceForm = dynamic(() => import('./force-form').then(module => module.ForceForm))

interface BreakerActsProps {
  breaker: string
  scope: ActScope
  /** Where the acts land: `in checkout-1`. Read aloud with each button, and shown in it where `showWhere` and there is room. */
  where: string
  showWhere?: boolean
  /** Something there is forced, so that it can be released. */
  forced: boolean
  places: Places
  size?: 'sm' | 'md'
}

/** Force, release and reset of one breaker: in the fleet, in a service, in a process. */
export function BreakerActs({ breaker, scope, where, showWhere = false, forced, places, size }: BreakerActsProps) {
  const force = useOperation('breaker.force')
  const release = useOperation('breaker.release')
  const reset = useOperation('breaker.reset')
  const heard = <span className={showWhere ? 'max-wide:sr-only' : 'sr-only'}> {where}</span>
  return (
    <>
      <OperationButton<ForceInput>
        operation={force}
        input={forceInput(breaker, scope)}
        label={<span>Force…{heard}</span>}
        subject={breaker}
        variant="danger"
        size={size}
      >
        {form => <ForceForm form={form} places={places} />}
      </OperationButton>
      {forced ? (
        <OperationButton
          operation={release}
          input={{ breaker, scope }}
          label={<span>Release{heard}</span>}
          subject={breaker}
          size={size}
        />
      ) : null}
      <OperationButton
        operation={reset}
        input={{ breaker, scope }}
        label={<span>Reset{heard}</span>}
        subject={breaker}
        size={size}
      />
    </>
  )
}
