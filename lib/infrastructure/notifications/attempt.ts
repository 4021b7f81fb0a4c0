import { messageOf } from '../../core/errors.ts'
import type { Content, SendCall } from './channel.ts'
import type { ChannelSet } from './channel-set.ts'
import { isNotDone, retryAfterOf } from './channel-set.ts'
import { NotificationError } from './errors.ts'
import type { KeptSend } from './record.ts'

export interface Retry {
  /** Attempts at each address: 10 when absent. */
  attempts: number
  /** Before the second one, doubling from then on (ms): 1,000 and at most 300,000 when absent. A provider that says when to come back is asked then. */
  initialDelayMs: number
  maxDelayMs: number
}

/** The most sends whose outcome is not known: one, and its repetition. More may be made where the provider sends one key once. */
const UNKNOWNS = 2

interface Attempt {
  send: KeptSend
  content: Content
  channels: ChannelSet
  retry: Retry
  signal: AbortSignal
  notification: NonNullable<SendCall['notification']>
  /** Keeps the record: after a crash it is known which provider was being called. */
  keep(): Promise<void>
}

/** An error that is not of the provider, carried past its policy, for which it is no failure. */
class Stopped {
  readonly error: unknown
  constructor(error: unknown) {
    this.error = error
  }
}

/** Makes one attempt at a send, and notes on it what became of it. Resolves with the time until the next one (ms), where there is to be one. */
export async function attempt({
  send,
  content,
  channels,
  retry,
  signal,
  notification,
  keep,
}: Attempt): Promise<number | undefined> {
  // A process crashed during this call.
  if (send.state === 'calling') send.unknowns++
  const hasKeys =
    send.provider !== undefined && channels.find(send.channel, send.provider)?.takesIdempotencyKeys === true
  if (!hasKeys && send.unknowns >= UNKNOWNS) return giveUp(send, 'it may have been sent twice already')
  if (send.tries >= retry.attempts) return giveUp(send, send.error ?? 'its process crashed each time')
  send.tries++
  // Elsewhere the key means nothing, so what may have been sent is repeated where it does.
  const only = hasKeys && send.unknowns > 0 ? send.provider : undefined
  let mayBeSent = false
  let failure: unknown = new Error('the outcome of the call before is not known')
  try {
    const answer = await channels.run(
      send.channel,
      async (channel, context) => {
        // A policy that retries must not repeat what may have been sent.
        if (mayBeSent) throw failure
        Object.assign(send, { state: 'calling', provider: channel.provider, calls: send.calls + 1 })
        try {
          await keep()
        } catch (error) {
          return new Stopped(error)
        }
        mayBeSent = true
        try {
          return await channel.send(content, send.target, {
            idempotencyKey: send.key,
            signal: context.signal,
            notification,
          })
        } catch (error) {
          failure = error
          mayBeSent = !isNotDone(error)
          throw error
        }
      },
      { signal, only },
    )
    if (answer instanceof Stopped) throw answer
    Object.assign(send, { state: 'accepted', providerMessageId: answer.id, acceptedAt: Date.now() })
    if (answer.messageId !== undefined) send.messageId = answer.messageId
    delete send.error
    return undefined
  } catch (error) {
    if (error instanceof Stopped) throw error.error
    // The process stops, or has lost its hold: the next holder goes on from the call that was noted.
    signal.throwIfAborted()
    return failed(send, error, retry)
  }
}

function failed(send: KeptSend, error: unknown, { initialDelayMs, maxDelayMs }: Retry): number | undefined {
  send.error = messageOf(error)
  const notDone = isNotDone(error)
  if (!notDone) send.unknowns++
  const isFinal = error instanceof NotificationError && !error.retryable && error.code !== 'NOTIFICATION_UNAUTHORIZED'
  if (isFinal) {
    send.state = notDone ? 'failed' : 'unknown'
    if (error.gone) send.gone = true
    return undefined
  }
  send.state = 'pending'
  const backoff = Math.min(maxDelayMs, initialDelayMs * 2 ** (send.tries - 1))
  return Math.max(backoff, retryAfterOf(error) ?? 0)
}

function giveUp(send: KeptSend, why: string): undefined {
  send.state = send.unknowns > 0 ? 'unknown' : 'failed'
  send.error = why
}

export const isLost = (error: unknown): boolean =>
  error instanceof NotificationError && error.code === 'NOTIFICATION_LOST'
