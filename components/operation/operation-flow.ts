'use client'

import { useEffect, useEffectEvent, useState } from 'react'
import { answerOf, unanswered } from '@/components/operation/answer'
import { useLivePreview } from '@/components/operation/live-preview'
import { useOperations } from '@/components/operation/operations-client'
import { reasonProblem } from '@/components/operation/unfinished'
import type { Outcome, Preview, Refusal, Run } from '@/lib/console/platform/operation/wire'

export type FlowStep =
  /** The fields with the preview of what they would do. `problem` is the result of pressing the button. */
  | { at: 'preview'; problem?: Refusal }
  | { at: 'starting' }
  | { at: 'run'; run: Run; problem?: Refusal; asking?: 'abort' | 'undo' }

interface FlowInput<I> {
  operation: string
  initialInput: I
  /** An answer that was had before the dialog opened. */
  had?: Outcome<Preview>
  /** Called instead of the run step when the act needed no confirming: the caller reports it. */
  onImmediate: (run: Run) => void
}

/** From the preview of the initial input to the outcome of one operation. What was typed outlives every refusal. */
export function useOperationFlow<I extends object>({ operation, initialInput, had, onImmediate }: FlowInput<I>) {
  const client = useOperations()
  const [input, setInput] = useState(initialInput)
  const [step, setStep] = useState<FlowStep>({ at: 'preview' })
  const live = useLivePreview(operation, input, had)
  const runId = step.at === 'run' ? step.run.id : undefined

  const seen = useEffectEvent((run: Run) => {
    setStep(now => (now.at === 'run' && now.run.id === run.id ? { ...now, run } : now))
  })
  useEffect(() => (runId === undefined ? undefined : client.watch(runId, seen)), [client, runId])

  async function run(previewed: Preview, typedName?: string): Promise<void> {
    const problem = reasonProblem(input, previewed.reasonRequired)
    if (problem) return setStep({ at: 'preview', problem })
    setStep({ at: 'starting' })
    const request = { environment: client.environment, operation, input, token: previewed.token, typedName }
    const outcome = await answerOf(client.run(request), unanswered)
    if (outcome.ok) {
      if (previewed.confirmation === 'none') return onImmediate(outcome.value)
      return setStep({ at: 'run', run: outcome.value })
    }
    // What was agreed to is no longer what would happen: look again, and ask again.
    if (outcome.error.code === 'preview_expired' || outcome.error.code === 'set_grew') live.refresh()
    setStep({ at: 'preview', problem: outcome.error })
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
    live,
    environment: client.environment,
    production: client.production,
    change(patch: Partial<I>) {
      setInput(now => ({ ...now, ...patch }))
      // It was about what the fields said before.
      setStep(now => (now.at === 'preview' && now.problem ? { at: 'preview' } : now))
    },
    run,
    abort: () => ask('abort'),
    undo: () => ask('undo'),
  }
}
