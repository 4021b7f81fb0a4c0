import { setTimeout as pause } from 'node:timers/promises'
import type { ClaimedMessage, Messages } from '../messages/index.ts'
import type { WorkOptions } from './emails-port.ts'
import { inTurn } from './in-turn.ts'
import { emailOf } from './kept.ts'
import type { NoteWriter } from './note-writer.ts'
import { failedNotes } from './notes.ts'
import { type Email, EmailError } from './port.ts'
import { type Sending, withoutSuppressed } from './sending.ts'

/** Longer than all attempts at one email take (ms). */
const LEASE = 300_000
/** What may be sent again is tried for about a day: after 5 s, doubled up to an hour. */
const MOST_ATTEMPTS = 30
const FIRST_DELAY = 5_000
const LONGEST_DELAY = 3_600_000

export interface ScheduledDependencies {
  messages: Messages
  sending: Sending
  note: NoteWriter
  onError(error: unknown): void
}

/** Sends what is due, one pass after the other. */
export function scheduledEmails({ messages, sending, note, onError }: ScheduledDependencies) {
  const stop = new AbortController()
  let running: Promise<void> | undefined

  async function sendOne(message: ClaimedMessage): Promise<void> {
    const ready = await prepared(message)
    if (!ready) return
    const delayOf = (error: unknown) => {
      if (ready.isLast || !(error instanceof EmailError && error.retryable)) return undefined
      if (!error.notDone && !sending.takesKeys(error.provider)) return undefined
      return Math.max(Math.min(FIRST_DELAY * 2 ** message.attempts, LONGEST_DELAY), error.retryAfterMs ?? 0)
    }
    try {
      await sending.sendRecorded(ready.email, message, {
        only: ready.only,
        isFinal: error => delayOf(error) === undefined,
      })
    } catch (error) {
      const delay = delayOf(error)
      if (delay === undefined) throw error
      await messages.reschedule(message.id, Date.now() + delay)
    }
  }

  /** Undefined: there is nobody to send it to. */
  async function prepared(
    message: ClaimedMessage,
  ): Promise<{ email: Email; only: string | undefined; isLast: boolean } | undefined> {
    try {
      const [checked] = await withoutSuppressed(messages, [{ email: emailOf(message.content), options: {} }])
      if (checked?.left) {
        const only = await sending.providerAfter(messages, message.id, message.interrupted)
        return { email: checked.left, only, isLast: message.attempts + 1 >= MOST_ATTEMPTS }
      }
      await note([{ message, kind: 'suppressed' }])
      return undefined
    } catch (error) {
      if (error instanceof EmailError) await note(failedNotes(message.id, [], error))
      throw error
    }
  }

  /** How many were due. */
  async function pass(concurrency: number): Promise<number> {
    const claimed = await messages.claimDue({ channel: 'email', limit: concurrency * 5, leaseMs: LEASE })
    const works = claimed.map(message => () => sendOne(message))
    for (const outcome of await inTurn(works, concurrency)) if (outcome.status === 'rejected') onError(outcome.reason)
    return claimed.length
  }

  async function loop({ pollMs = 1_000, concurrency = 20 }: WorkOptions): Promise<void> {
    while (!stop.signal.aborted) {
      const due = await pass(concurrency).catch(error => {
        onError(error)
        return 0
      })
      if (due === 0) await pause(pollMs, undefined, { signal: stop.signal }).catch(() => undefined)
    }
  }

  return {
    start(options: WorkOptions) {
      running ??= loop(options)
    },
    async close() {
      stop.abort()
      await running
    },
  }
}
