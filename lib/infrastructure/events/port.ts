import type { TransactionSql } from 'postgres'
import { InfrastructureError } from '../../core/errors.ts'
import type { Breaker } from '../resilience/index.ts'
import type { EventType } from './event-type.ts'

/** Something that happened, as it is stored and sent. */
export interface DomainEvent<Data = unknown> {
  /** A ULID; the same in every subscription and every delivery. */
  id: string
  /** `order.paid` */
  type: string
  version: number
  data: Data
  /** When it was published (ms since the epoch). */
  at: number
  /** Events of one key are handled in the order in which they were published. */
  key?: string
  /** Shared by all events that one cause led to, directly or not; the event's own id when nothing led to it. */
  correlationId: string
  /** The event whose handler published this one. */
  causationId?: string
  /** The service that published it. */
  source: string
}

export interface PublishOptions {
  /** A transaction of the outbox's database: the event is sent if it commits, and never if it does not. Listeners of this process do not get it. */
  in?: TransactionSql
  /** Instead of the key that the type makes of the data. */
  key?: string
  /** Instead of that of the event being handled. */
  correlationId?: string
}

export interface SubscriptionOptions {
  /** Unique over all services: 1 to 100 letters, digits, `.`, `_` and `-`. Processes with the same name share the events. */
  name: string
  /** Types and patterns: `order.paid`, `order.*` (one part), `order.**` (any number), `**`. */
  to: readonly string[]
  /** Keys are spread over so many queues, each in its order; 1 by default. It must be the same in every process. */
  partitions?: number
  /** How often an event is tried, and the time before another attempt, which doubles (ms); 3 and 1,000 by default. Then it is a dead letter, and the next one of its key follows. */
  attempts?: number
  backoffMs?: number
  /** A process that has not shown for this long that it is alive counts as crashed, and another takes its event (ms): 30,000 by default. After ten crashes the event is a dead letter. */
  lockMs?: number
  /** Around each handling; while it is open no event is taken. It must be one of the breakers that `createQueues` got. */
  breaker?: Breaker
}

/** A delivery may come twice, so what it does must be harmless twice, or be run once for `deliveryId` (`substation/idempotency`). */
export interface Delivery<Data = unknown> extends DomainEvent<Data> {
  /** The same when a delivery is repeated after a crash, another one for each replay. */
  deliveryId: string
  /** 1 for the first. */
  attempt: number
  signal: AbortSignal
}

export type EventHandler<Data = unknown> = (event: Delivery<Data>) => Promise<unknown> | unknown

export interface ReplayOptions {
  /** Events published from this time on (ms since the epoch), until `until`. */
  from: number
  until?: number
  signal?: AbortSignal
  /** Up to 60 letters and digits: a replay that is repeated under its id adds nothing twice while its deliveries are kept. */
  id?: string
  /** Called once when the outbox and the subscription are known to exist, before the first is sent. */
  onBegun?(): void
}

export interface CountOptions {
  /** How long the database may count (ms): 30,000 by default. */
  timeoutMs?: number
}

/** An event as the outbox keeps it. */
export interface StoredEventState {
  type: string
  version: number
  /** The service that published it. */
  source: string
  publishedAt: number
  /** Absent: it waits for the relay. */
  sentAt?: number
}

/** What waits to be sent. */
export interface OutboxState {
  pending: number
  /** There are more than `pending`: they are counted up to 10,000. */
  more?: true
  /** When the one that is sent next was published; absent when none is pending. */
  oldestAt?: number
}

/**
 * Domain events: to listeners of this process at once, and to subscriptions of any service through a queue for each. With an outbox
 * an event is stored with the changes that it tells of, and sent by a relay: at least once, in the order of its key.
 * Rejects with EventsError.
 */
export interface Events {
  /** Resolves with the event once it is stored: in the outbox where there is one, else in the queue of each subscription. */
  publish<Data>(type: EventType<Data>, data: Data, options?: PublishOptions): Promise<DomainEvent<Data>>
  /** Calls a listener in this process for each event published in it outside a transaction. Its errors go to `onError`. Returns what ends it. */
  on(pattern: string, listener: (event: DomainEvent) => unknown): () => void
  /** Handles the events of a subscription in this process, and makes it known to those who publish. Resolves once it is known. */
  subscribe(options: SubscriptionOptions, handler: EventHandler): Promise<{ close(): Promise<void> }>
  /** All that are known, of every service. */
  subscriptions(): Promise<Subscription[]>
  /** Removes a subscription that no service has now: it gets no further events. Resolves with whether it was known. */
  unsubscribe(name: string): Promise<boolean>
  /** Sends stored events again to one subscription, by their patterns. Resolves with how many. `EVENTS_NO_OUTBOX` without an outbox. */
  replay(subscription: string, options: ReplayOptions): Promise<number>
  /** How many stored events a replay would send; `EVENTS_REFUSED` when counting takes too long. `EVENTS_NO_OUTBOX` without an outbox. */
  count(subscription: string, options: Pick<ReplayOptions, 'from' | 'until'> & CountOptions): Promise<number>
  /** An event of the outbox; undefined when it is not there, or not any more. `EVENTS_NO_OUTBOX` without an outbox. */
  find(id: string): Promise<StoredEventState | undefined>
  /** Undefined without an outbox. */
  outbox(): Promise<OutboxState | undefined>
  /** Sends what was published, until it is closed. One process at a time does; the others take over when it stops. */
  startRelay(): void
  /** Removes events that were sent longer ago than this (ms), at most `limit` (10,000); they cannot be replayed any more. */
  removeSent(olderThanMs: number, options?: { limit?: number }): Promise<number>
  /** For `joinFleet({ events })`. From the first call on the outbox is read every five seconds. */
  reports(): (EventsReport | SubscriptionReport | KnownSubscriptionReport)[]
  /** Changes with the reports: at once with what is begun and ended, every five seconds with counts. */
  readonly revision: number
  /** Ends relay and subscriptions; queues and connections that were passed in stay open. */
  close(): Promise<void>
}

export interface Subscription {
  name: string
  to: string[]
  partitions: number
  /** The service that made it known last. */
  service: string
}

/** A subscription as one of its processes reports it. Counts are since it was subscribed. */
export interface SubscriptionReport extends Omit<Subscription, 'service'> {
  kind: 'subscription'
  prefix: string
  handled: number
  /** Attempts that failed. */
  failed: number
  deadLettered: number
  lastHandledAt?: number
}

export interface ReplayReport {
  id: string
  subscription: string
  startedAt: number
  sent: number
  endedAt?: number
  /** Why it ended before its end. */
  error?: string
}

/** What else a process reports of its events. */
export interface EventsReport {
  kind: 'events'
  /** The service. */
  name: string
  /** Since the start, with those whose transaction did not commit. */
  published: number
  /** Whether it has an outbox. */
  stores: boolean
  /** The database of the outbox, the same for all processes that share it; absent where it is not known. */
  database?: string
  /** As of `at`; absent before the first reading. */
  outbox?: (OutboxState | { unknownBecause: string }) & { at: number }
  relay?: {
    since: number
    /** Events sent since then, and how many a second over the last minute. */
    relayed: number
    perSecond?: number
    lastAt?: number
    /** Another process is sending. */
    standby: boolean
    failing?: { since: number; message: string }
  }
  /** The newest first. */
  replays: ReplayReport[]
}

/** A subscription that a process knows of without handling it: it asks for those of all services when it sends. */
export interface KnownSubscriptionReport extends Subscription {
  kind: 'known'
  prefix?: string
}

/**
 * `VALUE` the data is not of the event's type; `UNKNOWN` type, pattern or subscription; `VERSION` newer than this process knows; `OPTIONS`
 * invalid; `NO_OUTBOX` it needs one; `UNREACHABLE` the outbox does not answer; `REFUSED` by it, such as a missing table; `CLOSED`.
 */
export type EventsErrorCode =
  `EVENTS_${'VALUE' | 'UNKNOWN' | 'VERSION' | 'OPTIONS' | 'NO_OUTBOX' | 'UNREACHABLE' | 'REFUSED' | 'CLOSED'}`

export class EventsError extends InfrastructureError {
  override readonly code: EventsErrorCode
  constructor(
    message: string,
    options: { code: EventsErrorCode; retryable?: boolean; nextStep?: string; cause?: unknown },
  ) {
    super(message, options)
    this.code = options.code
  }
}
