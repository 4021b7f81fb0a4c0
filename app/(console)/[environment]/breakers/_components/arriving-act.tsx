'use client'

import dynamic from 'next/dynamic'
import { useOperation } from '@/app/(console)/_frame/catalogue'
import type { Places } from '@/app/(console)/_parts/holding/places'
import { LazyDialog } from '@/components/operation/dialog-host'
import type { Act } from './act-in-url'
import { type ForceInput, forceInput } from './force-input'
import { type PolicyInput, policyInput } from './policy-input'
import type { RuleDraft } from './rule-fields'

const ForceForm = dynamic(() => import('./force-form').then(module => module.ForceForm))
const PolicyForm = dynamic(() => import('./policy-form').then(module => module.PolicyForm))

interface ArrivingActProps {
  act: Act
  breaker: string
  places: Places
  /** What the form of a changed policy begins with. */
  rule: RuleDraft
  onDone: () => void
}

/** Opens the act that the address asks for, on the whole fleet. */
export function ArrivingAct({ act, breaker, places, rule, onDone }: ArrivingActProps) {
  const operation = useOperation(act)
  const onOpenChange = (open: boolean) => (open ? undefined : onDone())
  if (!operation.allowed) return null
  if (act === 'breaker.force')
    return (
      <LazyDialog<ForceInput>
        open
        onOpenChange={onOpenChange}
        operation={operation}
        subject={breaker}
        initialInput={forceInput(breaker, { kind: 'fleet' })}
      >
        {form => <ForceForm form={form} places={places} />}
      </LazyDialog>
    )
  if (act === 'breaker.change-policy')
    return (
      <LazyDialog<PolicyInput>
        open
        onOpenChange={onOpenChange}
        operation={operation}
        subject={breaker}
        initialInput={policyInput(breaker, { kind: 'fleet' }, rule)}
      >
        {form => <PolicyForm form={form} places={places} />}
      </LazyDialog>
    )
  return (
    <LazyDialog
      open
      onOpenChange={onOpenChange}
      operation={operation}
      subject={breaker}
      initialInput={{ breaker, scope: { kind: 'fleet' } }}
    />
  )
}
