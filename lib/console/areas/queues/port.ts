import type {
  DeadChildren,
  FoundQueues,
  QueueAddress,
  QueueReading,
  QueueServer,
  WorkerClient,
} from '../../../infrastructure/queue/index.ts'
import type { Part } from '../../platform/part/part.ts'
import type { SampleSource } from '../../platform/samples.ts'
import type { WatchedWriter } from './major.ts'
import type { SaidMajors } from './said-majors.ts'

/** Something that may not be known, with the reason in plain words. */
export type Known<T> = { known: true; value: T } | { known: false; reason: string }

/** Jobs a second, measured over so many ms. */
export interface QueueRate {
  completed: number
  failed: number
  overMs: number
}

/** A queue as it was read last. `key` is `prefix:name`, which names it within its server. */
export interface WatchedQueue extends QueueReading {
  key: string
  writer: WatchedWriter
  rate: Known<QueueRate>
  /** Worker connections; an empty list means that there is none for certain. */
  workers: Known<WorkerClient[]>
  /** Parents that wait for dead letters; absent when none of those looked at does. */
  deadChildren?: DeadChildren
}

export interface ServerReading {
  queues: WatchedQueue[]
  /** Redis' policy when its memory is full; anything but `noeviction` may evict jobs. */
  evictionPolicy?: string
  search: Search
}

/** What the search over all keys has found. */
export interface Search {
  /** When it last walked all keys (ms); absent while the first walk goes on. */
  completedAt?: number
  /** The fifty prefixes with the most queues of those that a declared list leaves out, and how many queues are under all others. */
  elsewhere: FoundQueues['elsewhere']
  elsewhereRest: number
  unreadable: number
  /** Why it cannot go on. */
  trouble?: { reason: string; nextStep?: string }
}

/** The queues of one watched Redis. Pages read what the search has found, and never search themselves. */
export interface WatchedServer {
  readonly name: string
  /** Without credentials. */
  readonly address: string
  /** Shows queues under these alone; absent: under every prefix. */
  readonly prefixes?: readonly string[]
  /** Remembered for a second; `maxAge` 0 asks anew. */
  read(options?: { maxAge?: number }): Promise<Part<ServerReading>>
  /** What it said last, without waiting; undefined before the first answer. It is asked anew in the background. */
  peek(): Part<ServerReading> | undefined
  /** One queue by its key, also one that the search has not come to. Undefined: there is none. `maxAge` 0: its workers are those of this moment. */
  find(key: string, options?: { maxAge?: number }): Promise<WatchedQueue | undefined>
  addressOf(key: string): QueueAddress | undefined
  /** For looking: answers within 1.5 s or fails. */
  readonly queues: QueueServer
  /** For acts: a connection of their own, so that they hold up no view. */
  readonly acts: QueueServer
}

/** The queues of one environment: of its fleet's Redis and of every watched one. */
export interface QueueRegistry {
  readonly servers: readonly WatchedServer[]
  server(name: string): WatchedServer | undefined
  /** What operators said of queues that do not name their BullMQ. */
  readonly said: SaidMajors
  /** Waiting, dead letters and rates for the sampler; the rates that views show are measured by this. */
  readonly samples: SampleSource
  start(): void
  close(): Promise<void>
}

export const evicts = (policy: string | undefined) => policy !== undefined && policy !== 'noeviction'
