import { messageOf } from '../../core/errors.ts'
import type { Messages } from '../messages/index.ts'
import type { Timings } from '../scheduler/index.ts'
import { attempt, type Retry } from './attempt.ts'
import type { ChannelKind } from './channel.ts'
import type { ChannelSet } from './channel-set.ts'
import { type Digest, digested } from './digest.ts'
import { noteSends, recordSends } from './log.ts'
import type { Priority, Recipient, Recipients } from './port.ts'
import type { Preferences } from './preferences.ts'
import { quietUntil } from './quiet-hours.ts'
import { contentFor, type KeptRecord, type KeptSend } from './record.ts'
import { type Routes, stagesFor } from './routing.ts'
import { judgeStage } from './stage.ts'
import type { Held, NotificationStore, Outcome, StoredNotification } from './store.ts'

export interface DeliveryParts {
  store: NotificationStore
  channels: ChannelSet
  recipients: Recipients
  messages: Messages | undefined
  routes: Routes
  digests: Readonly<Record<string, Digest>>
  retry: Retry
  timings(): Promise<Timings>
  onError(error: unknown): void
}

/** Someone has asked for its cancellation. */
class Cancelled extends Error {}

/** Carries on one notification as far as it goes now, and says what is to be done next. Changes its record. */
export class Delivery {
  readonly #parts: DeliveryParts
  readonly #held: Held
  readonly #notification: StoredNotification
  readonly #record: KeptRecord
  readonly #signal: AbortSignal
  #recipient: { recipient: Recipient; preferences: Preferences; isKnown: boolean } | undefined

  constructor(parts: DeliveryParts, held: Held, notification: StoredNotification, signal: AbortSignal) {
    this.#parts = parts
    this.#held = held
    this.#notification = notification
    this.#record = notification.record
    this.#signal = signal
  }

  async run(): Promise<Outcome> {
    try {
      const outcome = await this.#stages()
      await noteSends(this.#parts.messages, this.#record.sends)
      return outcome
    } catch (error) {
      if (error instanceof Cancelled) return { state: 'cancelled' }
      throw error
    }
  }

  async #stages(): Promise<Outcome> {
    const record = this.#record
    delete record.waitsFor
    record.stages ??= await this.#plan()
    for (; ; record.stage++, delete record.stageSince) {
      const kinds = record.stages[record.stage]
      if (!kinds) return this.#failed()
      if (record.stageSince === undefined) {
        const dueInMs = await this.#quietFor(kinds)
        if (dueInMs !== undefined) {
          record.waitsFor = 'quiet-hours'
          return { state: record.sends.length > 0 ? 'sending' : 'waiting', dueInMs }
        }
        await this.#begin(kinds)
      }
      const retryInMs = await this.#send()
      const outcome = await judgeStage({ record, retryInMs, ...this.#parts, signal: this.#signal })
      if (outcome) return outcome
    }
  }

  async #plan(): Promise<ChannelKind[][]> {
    const { record, type, recipient: id, items } = this.#notification
    const priority: Priority = record.message.priority
    const collected = digested(items, this.#parts.digests[type])
    if (collected) record.message = { ...collected, priority }
    const { recipient, preferences, isKnown } = await this.#find()
    if (!isKnown) {
      record.error = `There is no recipient ${id}`
      return []
    }
    const { routes, channels } = this.#parts
    const wish = { type, priority, asked: record.asked }
    const stages = stagesFor(wish, preferences, recipient, { routes, open: channels.kinds })
    if (stages.length === 0) record.error = `${id} has no channel that reaches them and that they want`
    return stages
  }

  async #find() {
    const { recipients, store } = this.#parts
    const { recipient: id } = this.#notification
    if (this.#recipient) return this.#recipient
    const [recipient, preferences] = await Promise.all([recipients.find(id), store.preferences.get(id)])
    // Removed between two stages, it has no addresses any more.
    this.#recipient = { recipient: recipient ?? { addresses: {} }, preferences, isKnown: recipient !== undefined }
    return this.#recipient
  }

  /** Until the quiet hours end (ms). What only waits in an app disturbs nobody. */
  async #quietFor(kinds: readonly ChannelKind[]): Promise<number | undefined> {
    if (this.#record.message.priority === 'urgent' || kinds.every(kind => kind === 'in-app')) return undefined
    const { preferences, recipient } = await this.#find()
    if (!preferences.quietHours) return undefined
    const now = Date.now()
    const zone = preferences.timeZone ?? recipient.timeZone ?? 'UTC'
    const until = quietUntil(await this.#parts.timings(), preferences.quietHours, zone, now)
    return until === undefined ? undefined : until - now
  }

  /** The addresses of now are those of the stage from here on, so that each send keeps its key. */
  async #begin(kinds: readonly ChannelKind[]): Promise<void> {
    const { id, recipient } = this.#notification
    const { stage } = this.#record
    const { addresses } = (await this.#find()).recipient
    const sends = kinds.flatMap(channel =>
      (channel === 'in-app' ? [recipient] : (addresses[channel] ?? [])).map(
        (target, n): KeptSend => ({
          channel,
          target,
          state: 'pending',
          calls: 0,
          unknowns: 0,
          tries: 0,
          stage,
          key: `${id}:${stage}:${channel}:${n}`,
        }),
      ),
    )
    const unlogged = sends.filter(({ channel }) => !this.#parts.channels.find(channel)?.keepsLog)
    await recordSends(this.#parts.messages, this.#notification, unlogged)
    this.#record.sends.push(...sends)
    this.#record.stageSince = Date.now()
  }

  async #send(): Promise<number | undefined> {
    const { channels, retry, messages } = this.#parts
    const { sends, stage, message } = this.#record
    const { id, recipient, batch } = this.#notification
    const notification = { id, recipient, ...(batch === undefined ? {} : { batch }) }
    let retryInMs: number | undefined
    for (const send of sends) {
      if (send.stage !== stage || !(send.state === 'pending' || send.state === 'calling')) continue
      const content = contentFor(message, send.channel)
      const keep = () => this.#keep()
      const next = await attempt({ send, content, channels, retry, signal: this.#signal, notification, keep })
      if (next !== undefined) retryInMs = Math.min(next, retryInMs ?? next)
      await this.#keep()
      await noteSends(messages, [send])
      if (send.gone) await this.#tellGone(send)
    }
    return retryInMs
  }

  async #keep(): Promise<void> {
    if (await this.#parts.store.keep(this.#held, this.#record)) throw new Cancelled()
  }

  async #tellGone({ channel, target }: KeptSend): Promise<void> {
    try {
      await this.#parts.recipients.gone?.(this.#notification.recipient, channel, target)
    } catch (error) {
      // The next send to it says so again.
      this.#parts.onError(error)
    }
  }

  #failed(): Outcome {
    const last = this.#record.sends.at(-1)
    if (last?.error) this.#record.error = messageOf(last.error)
    else if (last?.state === 'suppressed') this.#record.error = 'All addresses are on the suppression list'
    return { state: 'failed' }
  }
}
