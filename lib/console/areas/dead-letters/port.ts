import type { Failure, QueueAddress } from '../../../infrastructure/queue/index.ts'
import type { Part } from '../../platform/part/part.ts'

/** The dead letters of one kind in one queue. Times are ms by the clocks of the workers. */
export interface QueueKind {
  failure: Failure
  /** Name of the jobs. */
  job: string
  /** Exact, or estimated when only some of the queue's dead letters were examined. */
  count: number
  exact: boolean
  examined: number
  first: number
  last: number
  /** How many failed in each part of the last day, oldest first: see TREND. */
  trend: readonly number[]
  /** The newest of them; its error is cut. */
  newest: { id: string; failedAt: number; error: string }
}

/** Where a queue has more kinds than are known at a time: the fingerprint of all others together. */
export const OTHER_KINDS = 'other'

/** What is known of the dead letters of one queue. */
export interface QueueFailures {
  /** `prefix:name` */
  key: string
  address: QueueAddress
  total: number
  /** How many of them were examined; fewer than `total` where they are sampled, or not all read yet. */
  examined: number
  kinds: readonly QueueKind[]
}

export interface ServerFailures {
  queues: readonly QueueFailures[]
  /** All queues that were found have been examined once. */
  complete: boolean
}

/** The kinds of dead letters of one Redis, examined in the background. */
export interface FailureIndex {
  readonly server: string
  /** What is known, without waiting. It says how old it is. Undefined until the first answer or the first failure. */
  peek(): Part<ServerFailures> | undefined
  /** The newest of one kind in a queue, newest first. */
  placesOf(key: string, fingerprint: string, limit: number): { id: string; failedAt: number }[]
  /** Someone looks at it: it is brought up to date every two seconds for a while. */
  look(): void
  /** Resolves when it has been brought up to date once more, after an act. */
  refresh(): Promise<void>
  start(): void
  close(): Promise<void>
}

/** Of every watched Redis of an environment. */
export interface DeadLetterIndexes {
  readonly servers: readonly FailureIndex[]
  server(name: string): FailureIndex | undefined
  start(): void
  close(): Promise<void>
}

/** The trend is the last day in parts of half an hour. */
export const TREND = { parts: 48, partMs: 30 * 60_000 } as const
