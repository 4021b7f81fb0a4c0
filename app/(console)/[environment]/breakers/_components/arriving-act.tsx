'use client'

import { useOperation } from '@/app/(console)/_frame/catalogue'
import { LazyDialog } from '@/components/operation/dialog-host'
import type { Act } from './act-in-url'
import { ForceForm, type ForceInput, forceInput, type Places } from './force-form'

interface ArrivingActProps {
  act: Act
  breaker: string
  places: Places
  onDone: () => void
}

/** Opens the act that the address asks for, on the whole fleet. */
export function ArrivingAct({ act, breaker, places, onDone }: ArrivingActProps) {
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
