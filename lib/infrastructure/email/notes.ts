import { messageOf } from '../../core/errors.ts'
import type { MessageNote } from '../messages/index.ts'
import type { Attempt, Delivered } from './deliver.ts'
import { EmailError } from './port.ts'

/** The calls of providers and their end, as the log of messages has them. */
export function deliveredNotes(
  id: string,
  attempts: readonly Attempt[],
  { answer, provider }: Delivered,
): MessageNote[] {
  return [
    ...attemptNotes(id, attempts),
    {
      message: { id },
      kind: 'accepted',
      provider,
      providerMessageId: answer.id,
      detail: answer.rejected.length > 0 ? { rejectedRecipients: answer.rejected.length } : {},
    },
  ]
}

export function failedNotes(id: string, attempts: readonly Attempt[], error: unknown): MessageNote[] {
  const { unknown, ...detail } = detailOf(error)
  const provider = attempts.at(-1)?.provider
  return [
    ...attemptNotes(id, attempts),
    {
      message: { id },
      kind: 'failed',
      error: messageOf(error),
      // Nothing that was not tried can have been sent.
      detail: { ...detail, ...(unknown && provider ? { unknown } : {}) },
      provider,
    },
  ]
}

export function attemptNotes(id: string, attempts: readonly Attempt[]): MessageNote[] {
  return attempts.map(({ provider, at, outcome }) => {
    const attempt = { message: { id }, kind: 'attempt' as const, at, provider }
    if (outcome === 'accepted') return attempt
    if (outcome === 'unknown') return { ...attempt, detail: { unknown: true } }
    return { ...attempt, error: messageOf(outcome.error), detail: detailOf(outcome.error) }
  })
}

function detailOf(error: unknown): { error: string; code?: string; unknown?: true } {
  if (!(error instanceof EmailError)) return { error: messageOf(error), unknown: true }
  return { error: error.message, code: error.code, ...(error.notDone ? {} : { unknown: true }) }
}
