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
import type { MajorSettings } from './major-settings.ts'

/** A value that may be unknown, with the reason in plain words. */
export type Known<T> = { known: true; value: T } | { known: false; reason: string }

/** Jobs per second, measured over `windowMs`. */
export interface QueueRate {
  completed: number
  failed: number
  overMs: number
}

/** A queue as it was last read. `key` is `prefix:name`, which identifies it within its server. */
export interface WatchedQueue extends QueueReading {
  key: string
  writer: WatchedWriter
  rate: Known<QueueRate>
  /** Worker connections; an empty list means that there is certainly none. */
  workers: Known<WorkerClient[]>
  /** Parents that wait for dead letters; absent when none of those checked does. */
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
  /** When it last finished scanning all keys (ms); absent during the first scan. */
  completedAt?: number
  /** The fifty prefixes with the most queues that a declared list leaves out, and how many queues are under all others. */
  elsewhere: FoundQueues['elsewhere']
  elsewhereRest: number
  unreadable: number
  /** Why it cannot continue. */
  trouble?: { reason: string; nextStep?: string }
}

/** The queues of one watched Redis. Pages read what the search has found, and never search themselves. */
export interface WatchedServer {
  readonly name: string
  /** Without credentials. */
  readonly address: string
  /** Shows only queues under these; absent: under every prefix. */
  readonly prefixes?: readonly string[]
  /** Cached for a second; `maxAge` 0 reads again. */
  read(options?: { maxAge?: number }): Promise<Part<ServerReading>>
  /** The last answer, without waiting; undefined before the first. It is read again in the background. */
  peek(): Part<ServerReading> | undefined
  /** One queue by its key, even one that the search has not found yet. Undefined: there is none. `maxAge` 0: its workers as of now. */
  find(key: string, options?: { maxAge?: number }): Promise<WatchedQueue | undefined>
  addressOf(key: string): QueueAddress | undefined
  /** For reading: answers within 1.5 s or fails. */
  readonly queues: QueueServer
  /** For acts: a connection of their own, so that they hold up no view. */
  readonly acts: QueueServer
}

/** The queues of one environment: of its fleet's Redis and of every watched one. */
export interface QueueRegistry {
  readonly servers: readonly WatchedServer[]
  server(name: string): WatchedServer | undefined
  /** The majors that operators set for queues that do not name theirs. */
  readonly majorSettings: MajorSettings
  /** Waiting, dead letters and rates for the sampler; it also measures the rates that views show. */
  readonly samples: SampleSource
  start(): void
  close(): Promise<void>
}

export const evicts = (policy: string | undefined) => policy !== undefined && policy !== 'noeviction'
