'use client'

import { useEffect, useState } from 'react'
import { answerOf, unreachable } from '@/components/operation/answer'
import { useOperations } from '@/components/operation/operations-client'
import type { Outcome, Preview } from '@/lib/console/platform/operation/wire'

/** How long the fields must rest before they are sent (ms): a preview may count keys. */
const TYPING_PAUSE = 250

export interface LivePreview {
  /** The latest preview. It may be of fields that have changed since: see `pending`. */
  preview?: Preview
  /** Why there is none for the fields as they are. */
  refused?: Outcome<Preview> & { ok: false }
  /** The answer shown is not that of the fields as they are. */
  pending: boolean
  /** Asks again for the same fields: what was seen is no longer what would happen. */
  refresh: () => void
}

/** The preview of an input, asked for again whenever anything but its reason changes. */
export function useLivePreview(operation: string, input: object, had: Outcome<Preview> | undefined): LivePreview {
  const client = useOperations()
  const [round, setRound] = useState(0)
  const effect = effectOf(input)
  const wanted = `${round} ${effect}`
  const [answer, setAnswer] = useState(had && { to: wanted, outcome: had })
  const [shown, setShown] = useState(had?.ok ? had.value : undefined)
  const answered = answer?.to === wanted
  const isFirst = answer === undefined

  useEffect(() => {
    if (answered) return
    let current = true
    const asking = setTimeout(
      async () => {
        const outcome = await answerOf(client.preview({ operation, input: JSON.parse(effect) }), unreachable)
        if (!current) return
        setAnswer({ to: wanted, outcome })
        if (outcome.ok) setShown(outcome.value)
      },
      isFirst ? 0 : TYPING_PAUSE,
    )
    return () => {
      current = false
      clearTimeout(asking)
    }
  }, [client, operation, effect, wanted, answered, isFirst])

  return {
    preview: shown,
    refused: answered && answer && !answer.outcome.ok ? answer.outcome : undefined,
    pending: !answered,
    refresh: () => setRound(now => now + 1),
  }
}

/** All of an input that decides what it does: not why it is done. */
export function effectOf(input: object): string {
  const { reason: _reason, ...effect } = input as { reason?: unknown }
  // A number field that is empty holds NaN, which JSON would make null: for some inputs that means "without end".
  return JSON.stringify(effect, (_key, value) => (Number.isNaN(value) ? '' : value))
}
