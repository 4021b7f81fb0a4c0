'use client'

import { useEffect, useEffectEvent, useState } from 'react'
import { answerOf, unanswered, unreachable } from '@/components/operation/answer'
import { useOperations } from '@/components/operation/operations-client'
import type { Preview, Refusal, Run } from '@/lib/console/platform/operation/wire'

export type FlowStep =
  | { at: 'form'; problem?: Refusal }
  | { at: 'previewing' }
  | { at: 'confirm'; preview: Preview; problem?: Refusal }
  | { at: 'starting'; preview: Preview }
  | { at: 'run'; run: Run; problem?: Refusal; asking?: 'abort' | 'undo' }

interface FlowInput<I> {
  operation: string
  initialInput: I
  initialStep: FlowStep
  /** The words of the form's button where pressing it acts at once; without them a preview follows, whatever the act. */
  atOnce?: (input: I) => string | undefined
  /** Called instead of the run step when the act needs no confirming: the caller reports it. */
  onImmediate: (run: Run) => void
}

/** From the form to the outcome of one operation. The form's value outlives every refusal. */
export function useOperationFlow<I>({ operation, initialInput, initialStep, atOnce, onImmediate }: FlowInput<I>) {
  const client = useOperations()
  const [input, setInput] = useState(initialInput)
  const [noun, setNoun] = useState(initialStep.at === 'confirm' ? initialStep.preview.affected.noun : undefined)
  const [step, setStep] = useState<FlowStep>(initialStep)
  // Production asks for the name, however small the act.
  const actsAtOnce = client.production ? undefined : atOnce?.(input)
  const runId = step.at === 'run' ? step.run.id : undefined

  const seen = useEffectEvent((run: Run) => {
    setStep(now => (now.at === 'run' && now.run.id === run.id ? { ...now, run } : now))
  })
  useEffect(() => (runId === undefined ? undefined : client.watch(runId, seen)), [client, runId])

  async function preview(after?: Refusal): Promise<void> {
    const unsaid = reasonTooShort(input)
    if (unsaid) return setStep({ at: 'form', problem: unsaid })
    setStep({ at: 'previewing' })
    const outcome = await answerOf(client.preview({ operation, input }), unreachable)
    if (!outcome.ok) return setStep({ at: 'form', problem: outcome.error })
    setNoun(outcome.value.affected.noun)
    const missing = missingReason(outcome.value, input)
    if (missing) return setStep({ at: 'form', problem: missing })
    // Only what was announced as the act is run by this press.
    if (outcome.value.confirmation === 'none' && actsAtOnce !== undefined && !after) return run(outcome.value)
    setStep({ at: 'confirm', preview: outcome.value, problem: after })
  }

  async function run(previewed: Preview, typedName?: string): Promise<void> {
    setStep({ at: 'starting', preview: previewed })
    const request = { environment: client.environment, operation, input, token: previewed.token, typedName }
    const outcome = await answerOf(client.run(request), unanswered)
    if (outcome.ok) {
      if (previewed.confirmation === 'none' && actsAtOnce !== undefined) onImmediate(outcome.value)
      return setStep({ at: 'run', run: outcome.value })
    }
    const { error } = outcome
    // What was agreed to is no longer what would happen: look again, and ask again.
    if (error.code === 'preview_expired' || error.code === 'set_grew') return preview(error)
    if (error.code === 'invalid' && error.fields) return setStep({ at: 'form', problem: error })
    setStep({ at: 'confirm', preview: previewed, problem: error })
  }

  async function ask(what: 'abort' | 'undo') {
    if (step.at !== 'run') return
    const { run: subject } = step
    setStep({ at: 'run', run: subject, asking: what })
    const outcome = await answerOf(client[what](subject.id), unanswered)
    setStep(outcome.ok ? { at: 'run', run: outcome.value } : { at: 'run', run: subject, problem: outcome.error })
  }

  return {
    step,
    input,
    /** What one affected thing is called, once a preview has said so. */
    noun,
    actsAtOnce,
    environment: client.environment,
    production: client.production,
    change: (patch: Partial<I>) => setInput(now => ({ ...now, ...patch })),
    back: () => setStep({ at: 'form' }),
    preview: () => preview(),
    run,
    abort: () => ask('abort'),
    undo: () => ask('undo'),
  }
}

const SHORTEST_REASON = 3
const wantsReason: Refusal = {
  code: 'invalid',
  message: 'A reason is needed.',
  fields: { reason: 'Say why: it is kept with the act and shown to whoever comes next.' },
}

/** What the server would refuse is said beside the field before anything is sent. One that may be left out is absent then. */
function reasonTooShort(input: unknown): Refusal | undefined {
  const reason = reasonIn(input)?.trim()
  if (reason === undefined || reason.length >= SHORTEST_REASON) return undefined
  if (reason === '') return wantsReason
  const message = `Say a little more: at least ${SHORTEST_REASON} characters.`
  return { code: 'invalid', message: 'The reason is too short.', fields: { reason: message } }
}

function reasonIn(input: unknown): string | undefined {
  const reason = typeof input === 'object' && input !== null && 'reason' in input ? input.reason : undefined
  return typeof reason === 'string' ? reason : undefined
}

/** The preview is bound to the whole input, reason included: a missing one is asked for before, not after. */
function missingReason(preview: Preview, input: unknown): Refusal | undefined {
  if (!preview.reasonRequired) return undefined
  return typeof reasonIn(input) === 'string' ? undefined : wantsReason
}
