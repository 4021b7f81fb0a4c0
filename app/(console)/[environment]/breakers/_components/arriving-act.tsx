'use client'

import dynamic from 'next/dynamic'
import { type ReactNode, useEffect, useState } from 'react'
import { useOperation } from '@/app/(console)/_frame/catalogue'
import { answerOf, unreachable } from '@/components/operation/answer'
import type { OperationDialogProps } from '@/components/operation/operation-dialog'
import { useOperations } from '@/components/operation/operations-client'
import { StatusMark } from '@/components/status/status-mark'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import type { Preview, Refusal } from '@/lib/console/operations/wire'
import type { Dropped } from '@/lib/console/views/filters'
import { ForceForm, type ForceInput, forceInput, type Places } from './force-form'

const LazyDialog = dynamic(() =>
  import('@/components/operation/operation-dialog').then(module => module.OperationDialog),
) as <I extends object>(props: OperationDialogProps<I>) => ReactNode

const VERBS = { 'breaker.force': 'force', 'breaker.release': 'release', 'breaker.reset': 'reset' } as const
export type Act = keyof typeof VERBS

/** The act an address asks for: the palette sends people here with one. */
export function actOf(text: string | undefined): { act?: Act; dropped: Dropped[] } {
  if (text === undefined) return { dropped: [] }
  if (text in VERBS) return { act: text as Act, dropped: [] }
  return { dropped: [{ filter: 'act', problem: `must be one of: ${Object.keys(VERBS).join(', ')}` }] }
}

/** An act was chosen, and not yet what it acts on. */
export function ChooseBreaker({ act, onCancel }: { act: Act; onCancel: () => void }) {
  const { allowed, needs } = useOperation(act)
  return (
    <Callout
      tone={allowed ? 'accent' : 'warning'}
      mark={allowed ? undefined : <StatusMark status="warning" />}
      className="mb-3"
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <p className="min-w-0 flex-1">
          {allowed ? (
            <>
              <span className="font-medium">Choose a breaker to {VERBS[act]}.</span> Nothing happens before you have
              seen what it would do.
            </>
          ) : (
            `To ${VERBS[act]} a breaker needs the ${needs} role.`
          )}
        </p>
        <Button size="sm" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </Callout>
  )
}

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
