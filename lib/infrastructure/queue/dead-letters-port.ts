import type { ActAddress, JobStep, QueueAddress, RemoveStep } from './server-port.ts'

/** A dead letter and when it failed for good: its place among those of its queue. The time is ms, by its worker's clock. */
export interface DeadLetterPlace {
  id: string
  failedAt: number
}

/** What a dead letter says about its failure. Texts are cut: a name to 200 bytes, an error to 4 KiB, the last stack to 8 KiB. */
export interface DeadLetterRecord extends DeadLetterPlace {
  /** Empty when the job has none. */
  name: string
  error: string
  /** Of the last attempt that left one. */
  stack?: string
  addedAt?: number
  attemptsMade: number
}

/** How many dead letters a queue has, and the last of them. */
export interface DeadLetterSet {
  total: number
  newest?: DeadLetterPlace
}

/** The fate of a job after a run has replayed it. */
export interface ReplayOutcome {
  id: string
  /** `moved-on`: it was replayed or changed by someone else since; `gone`: there is no such job any more. */
  state: 'completed' | 'failed' | 'waiting' | 'active' | 'gone' | 'moved-on'
  /** Of one that failed again. */
  error?: string
}

/** Jobs that finished since a place in the queue's stream of events. */
export interface FinishedJobs {
  cursor: string
  completed: string[]
  failed: { id: string; error: string }[]
  /** There may be more after the cursor. */
  more: boolean
}

/** New data for a dead letter, valid only as long as it has the data that it was made from. */
export interface EditedData {
  id: string
  /** JSON text: the data as it was read, and as it is to be. */
  from: string
  to: string
}

/** A dead letter as a file keeps it: its own fields, as they are in Redis. */
export interface KeptDeadLetter extends DeadLetterPlace {
  fields: Record<string, string>
}

/** What a Redis has of dead letters, and acts on them that can be taken back. */
export interface DeadLetterServer {
  /** In the order of the queues. Its cost does not grow with the number of dead letters. */
  deadLetterSets(queues: readonly QueueAddress[]): Promise<DeadLetterSet[]>
  /** By rank, the oldest first; at most 1,000. */
  deadLetterPlaces(queue: QueueAddress, from: number, limit: number): Promise<DeadLetterPlace[]>
  /** Those of these that are dead letters. */
  deadLettersOf(queue: QueueAddress, ids: readonly string[]): Promise<DeadLetterRecord[]>
  /**
   * The next ones after a place, the oldest first, whether or not that one is still there; those that failed after `until` are left out.
   * `finished`: there are no more.
   */
  deadLettersAfter(
    queue: QueueAddress,
    options: { after?: DeadLetterPlace | undefined; until?: number | undefined; limit: number },
  ): Promise<{ records: DeadLetterRecord[]; finished: boolean }>
  /** JSON text of the data of each, by id; those with more than `maxBytes` and those that are gone are left out. */
  dataOf(queue: QueueAddress, ids: readonly string[], maxBytes: number): Promise<Map<string, string>>

  /**
   * Replays chosen dead letters, each once in a run, and keeps beside each what it had, so that `returnWaiting` can put it back.
   * One with edited data is replayed with that, unless its data has changed since it was read.
   */
  replayKeeping(queue: ActAddress, run: string, ids: readonly string[], edits?: readonly EditedData[]): Promise<JobStep>
  /** The ids that a run has replayed or discarded, in that order. */
  movedBy(queue: QueueAddress, run: string, from: number, limit: number): Promise<string[]>
  outcomesOf(queue: QueueAddress, run: string, ids: readonly string[]): Promise<ReplayOutcome[]>
  /** Jobs that finished after a cursor: the id of an event, or `ms-0`. A thousand events at most. */
  finishedAfter(queue: QueueAddress, cursor: string): Promise<FinishedJobs>
  /** Makes those that no worker has begun dead letters again, with error, attempts, data and times as they were. */
  returnWaiting(queue: ActAddress, run: string, ids: readonly string[]): Promise<JobStep>

  /** Removes chosen dead letters and keeps them aside for `keepMs`. */
  discard(queue: ActAddress, run: string, ids: readonly string[], keepMs: number): Promise<RemoveStep>
  /** Puts discarded ones back as they were. */
  restoreDiscarded(queue: ActAddress, run: string, ids: readonly string[]): Promise<JobStep>
  /** All fields of dead letters, except those larger than `maxBytes`; of those that are gone, nothing. */
  keptDeadLetters(queue: QueueAddress, ids: readonly string[], maxBytes: number): Promise<KeptDeadLetter[]>
  /** Adds dead letters from a file, each once in a run; one whose id the queue already has is refused. */
  importDeadLetters(queue: ActAddress, run: string, jobs: readonly KeptDeadLetter[]): Promise<JobStep>
}
