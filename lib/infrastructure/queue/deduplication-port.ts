import type { JobState } from './port.ts'
import type { ActAddress, QueueAddress } from './queue-reading.ts'

/** A deduplication key of BullMQ 5 or 6: while it is there, a job added with its id is not added. Times are ms since the epoch. */
export interface DeduplicationKey {
  /** As programs pass it: `deduplication: { id }`. */
  id: string
  /** The id of the job that holds it. */
  job: string
  /** Whether that job still exists, and its state if it is in a list that was searched. */
  exists: boolean
  state?: JobState
  /** Absent when it has no readable one. */
  name?: string
  /** When that job was added. */
  since?: number
  /** When the key expires; absent: never. */
  until?: number
  /** Each addition extends its time. */
  extended: boolean
  /** It never expires, and its job is finished or gone: nothing will remove it. */
  leftOver: boolean
  /** An addition is kept behind it, which is added when its job finishes. */
  pending: boolean
}

export interface DeduplicationKeys {
  /** Those that are left over first. */
  keys: DeduplicationKey[]
  /** More were found than are listed. */
  cut: boolean
  /** How many of those found are left over, listed or not, and behind how many of them an addition is kept. */
  leftOver: { count: number; pending: number }
  /** Keys of this Redis that were scanned, about, and how many it has. */
  scanned: number
  total: number
  /** Where to go on; absent when all keys have been scanned. */
  next?: string
}

/** Additions that led to no job of their own, by the kept events of a queue. */
export interface HeldBackAdditions {
  /** Events that were read, and the time of the oldest of them. */
  events: number
  since?: number
  /** By deduplication id. */
  byKey: Record<string, number>
  /** Because a job of that id existed, those with the most first: at most twenty. */
  byJob: { id: string; count: number; exists: boolean; state?: JobState }[]
}

/** One part of a scan of all keys: it ends at the first page after `budgetMs`, with `next` to go on from. */
export interface DeduplicationScan {
  from?: string
  budgetMs: number
}

export interface QueueDeduplications {
  /** Scans the keys of this Redis, and lists at most `limit` of those found. */
  deduplications(queue: QueueAddress, options: DeduplicationScan & { limit: number }): Promise<DeduplicationKeys>
  /** Those of these ids that exist, in their order. */
  deduplicationsOf(queue: QueueAddress, ids: readonly string[]): Promise<DeduplicationKey[]>
  /** Counts in the last 10,000 events. */
  heldBack(queue: QueueAddress): Promise<HeldBackAdditions>
  /** Removes keys that these jobs still hold. What the run has removed before counts as released again, so that it can be repeated. */
  releaseDeduplications(
    queue: ActAddress,
    run: string,
    keys: readonly { id: string; job: string }[],
  ): Promise<{ released: number; refused: { id: string; reason: string }[] }>
  /** Scans, and removes the keys that nothing else will remove. `released`: by the whole run so far. */
  releaseLeftOver(
    queue: ActAddress,
    run: string,
    options: DeduplicationScan,
  ): Promise<{ released: number; next?: string }>
}
