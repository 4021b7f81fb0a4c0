'use client'

import { useEffect, useState } from 'react'
import { useOperation } from '@/app/(console)/_frame/catalogue'
import { answerOf, unreachable } from '@/components/operation/answer'
import { LazyDialog } from '@/components/operation/dialog-host'
import { useOperations } from '@/components/operation/operations-client'
import type { Preview, Refusal } from '@/lib/console/platform/operation/wire'
import type { Act } from './act-in-url'
import { ForceForm, type ForceInput, forceAtOnce, forceInput, type Places } from './force-form'

interface ArrivingActProps {
  act: Act
  breaker: string
  places: Places
  onDone: () => void
}

/** Opens the act that the address asks for, on the whole fleet: force on its form, the others on their preview. */
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
        atOnce={input => forceAtOnce(input, places)}
      >
        {form => <ForceForm form={form} places={places} />}
      </LazyDialog>
    )
  return <PreviewedAct operation={operation} breaker={breaker} onOpenChange={onOpenChange} />
}

interface PreviewedActProps {
  operation: ReturnType<typeof useOperation>
  breaker: string
  onOpenChange: (open: boolean) => void
}

function PreviewedAct({ operation, breaker, onOpenChange }: PreviewedActProps) {
  const client = useOperations()
  const [answer, setAnswer] = useState<{ preview?: Preview; refusal?: Refusal }>()
  const { id } = operation
  useEffect(() => {
    let wanted = true
    const input = { breaker, scope: { kind: 'fleet' } }
    void answerOf(client.preview({ operation: id, input }), unreachable).then(outcome => {
      if (wanted) setAnswer(outcome.ok ? { preview: outcome.value } : { refusal: outcome.error })
    })
    return () => {
      wanted = false
    }
  }, [client, id, breaker])
  if (!answer) return null
  return (
    <LazyDialog
      open
      onOpenChange={onOpenChange}
      operation={operation}
      subject={breaker}
      initialInput={{ breaker, scope: { kind: 'fleet' } }}
      {...answer}
    />
  )
}
