import { messageOf } from '../../core/errors.ts'
import type { Queues } from '../queue/index.ts'
import { queueOf } from './fan-out.ts'
import type { Outbox } from './outbox.ts'
import type { EventsReport, KnownSubscriptionReport, ReplayReport, Subscription, SubscriptionReport } from './port.ts'
import type { SubscriptionList } from './subscription-list.ts'

/** How often the outbox is looked at, and changed counts are noted (ms). */
const LOOK_EVERY = 5_000
/** Readings that the rate of the relay is taken over: a minute of them. */
const RATE_READINGS = 12
/** Of a message: the report of a process has a limited size, and one that does not fit would not be shown at all. */
const MESSAGE_LENGTH = 300
/** The newest replays that are reported. */
const REPLAYS = 10

export const reportedMessage = (error: unknown) => messageOf(error).slice(0, MESSAGE_LENGTH)

/** The counts of one subscription in this process. */
export type Tally = Pick<SubscriptionReport, 'handled' | 'failed' | 'deadLettered' | 'lastHandledAt'>

type Report = EventsReport | SubscriptionReport | KnownSubscriptionReport

interface Relaying {
  since: number
  relayed: number
  lastAt?: number
  standby: boolean
  failing?: { since: number; message: string }
  readings: { at: number; relayed: number }[]
}

interface Parts {
  service: string
  queues: Pick<Queues, 'queue'>
  outbox: Outbox | undefined
  list: SubscriptionList
}

/** What a process reports of its events. */
export class EventsReports {
  readonly #parts: Parts
  readonly #subscriptions = new Set<Omit<SubscriptionReport, keyof Tally> & { tally: Tally }>()
  readonly #replays: ReplayReport[] = []
  #timer: NodeJS.Timeout | undefined
  #closed = false
  #relay: Relaying | undefined
  #outbox: EventsReport['outbox']
  #database: string | undefined
  #prefix: string | undefined
  #looking: Promise<void> | undefined
  #noted = ''
  published = 0
  revision = 0

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Returns where its deliveries are counted, and what takes it out of the report. */
  async subscribed({ name, to, partitions }: Omit<Subscription, 'service'>): Promise<{ tally: Tally; ended(): void }> {
    const tally: Tally = { handled: 0, failed: 0, deadLettered: 0 }
    const { prefix } = await this.#parts.queues.queue(queueOf({ name, partitions }, 0))
    this.#prefix = prefix
    const entry = { kind: 'subscription' as const, name, to, partitions, prefix, tally }
    this.#subscriptions.add(entry)
    this.revision++
    return {
      tally,
      ended: () => {
        this.#subscriptions.delete(entry)
        this.revision++
      },
    }
  }

  relayStarted(): void {
    this.#relay = { since: Date.now(), relayed: 0, standby: true, readings: [] }
    this.revision++
  }

  /** Undefined: another process is sending. */
  relayed(count: number | undefined): void {
    const relay = this.#relay
    if (!relay) return
    if (relay.failing) this.revision++
    delete relay.failing
    relay.standby = count === undefined
    relay.relayed += count ?? 0
    if (count) relay.lastAt = Date.now()
  }

  relayFailed(error: unknown): void {
    if (!this.#relay) return
    if (!this.#relay.failing) this.revision++
    this.#relay.failing = { since: this.#relay.failing?.since ?? Date.now(), message: reportedMessage(error) }
  }

  replayBegan(id: string, subscription: string): ReplayReport {
    const replay: ReplayReport = { id, subscription, startedAt: Date.now(), sent: 0 }
    this.#replays.unshift(replay)
    this.#replays.splice(REPLAYS)
    this.revision++
    return replay
  }

  changed(): void {
    this.revision++
  }

  /** Reads the outbox, and notes what has changed. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined
    })
    return this.#looking
  }

  async #look(): Promise<void> {
    const { outbox, list, queues } = this.#parts
    const at = Date.now()
    if (outbox) {
      this.#outbox = await outbox.state().then(
        state => ({ ...state, at }),
        error => ({ at, unknownBecause: reportedMessage(error) }),
      )
      // Of an account that may not ask it is not known.
      if ('pending' in this.#outbox) this.#database ??= await outbox.database().catch(() => undefined)
    }
    const [known] = list.known
    if (known && this.#prefix === undefined)
      this.#prefix = await queues.queue(queueOf(known, 0)).then(
        queue => queue.prefix,
        () => undefined,
      )
    const relay = this.#relay
    if (relay) relay.readings = [...relay.readings, { at, relayed: relay.relayed }].slice(-RATE_READINGS - 1)
    const now = JSON.stringify(this.#reports(), (key, value) => (key === 'outbox' ? { ...value, at: 0 } : value))
    if (now !== this.#noted) this.revision++
    this.#noted = now
  }

  /** A process whose reports are not asked for does not read its outbox either. */
  reports(): Report[] {
    if (!this.#timer && !this.#closed) {
      this.#timer = setInterval(() => void this.look(), LOOK_EVERY).unref()
      if (this.#parts.outbox) void this.look()
    }
    return this.#reports()
  }

  #reports(): Report[] {
    const { service, list } = this.#parts
    const relay = this.#relay
    const own = new Set([...this.#subscriptions].map(({ name }) => name))
    return [
      {
        kind: 'events',
        name: service,
        published: this.published,
        stores: this.#parts.outbox !== undefined,
        ...(this.#database === undefined ? {} : { database: this.#database }),
        ...(this.#outbox ? { outbox: this.#outbox } : {}),
        ...(relay ? { relay: relayReport(relay) } : {}),
        replays: this.#replays.map(replay => ({ ...replay })),
      },
      ...[...this.#subscriptions].map(({ tally, ...entry }) => ({ ...entry, ...tally })),
      ...list.known
        .filter(({ name }) => !own.has(name))
        .map(({ name, to, partitions, service }) => ({
          ...{ kind: 'known' as const, name, to, partitions, service },
          ...(this.#prefix === undefined ? {} : { prefix: this.#prefix }),
        })),
    ]
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#timer)
    await this.#looking
  }
}

function relayReport({ readings, ...relay }: Relaying): NonNullable<EventsReport['relay']> {
  const [first] = readings
  const last = readings.at(-1)
  const perSecond =
    first && last && last.at > first.at ? ((last.relayed - first.relayed) * 1_000) / (last.at - first.at) : undefined
  return { ...relay, ...(perSecond === undefined ? {} : { perSecond: Math.round(perSecond * 100) / 100 }) }
}
