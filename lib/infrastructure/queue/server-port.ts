import type { DeadLetterServer } from './dead-letters-port.ts'
import type { JobCondition } from './job-condition.ts'
import type { JobCounts, JobState } from './port.ts'
import type { QueueEdits } from './server-edits.ts'

/** Identifies the keys of a queue: `prefix:name:…`. Both may contain any UTF-8. */
export interface QueueAddress {
  prefix: string
  name: string
}

export type QueueMajor = 4 | 5 | 6

/** Which BullMQ works on a queue: by its `meta.version`, or else by other keys and fields that it writes. */
export interface QueueWriter {
  /** The value of `meta.version`: `bullmq:5.81.5`. Absent when there is none: flows and workers alone never write it, nor do older versions. */
  version?: string
  /** Present when it is certain and its rules are known here; then the queue can be operated. */
  major?: QueueMajor
  /** Without a version: the majors that its keys and jobs allow. */
  possible?: QueueMajor[]
  /** Why it is read-only here. */
  unknownBecause?: string
}

/** A queue to operate. */
export interface ActAddress extends QueueAddress {
  /** The major to assume when the queue itself has no version. */
  assumed?: QueueMajor
}

/** One queue at one moment. Times are ms since the epoch, by the clocks of the processes that wrote them. */
export interface QueueReading extends QueueAddress {
  writer: QueueWriter
  paused: boolean
  /** A state whose key is not of BullMQ's type is absent: unknown, not zero. */
  counts: Partial<JobCounts>
  /** How many of those waiting are in the `paused` list, which BullMQ 4 and 5 use and 6 ignores. */
  inPausedList: number
  /**
   * Since when the oldest job that could be taken now waits, of the few that come next; absent when there is none, or when it is not
   * known: BullMQ does not keep when a job came back from a retry or was promoted.
   */
  waitingSince?: number
  /** How many of the eight active jobs that were taken first have no lock: their workers stopped, or are blocked. Absent when none. */
  orphans?: number
  /** When the newest dead letter failed, and how many did in the last ten minutes. */
  lastFailedAt?: number
  failedLately?: number
  /** When the first of those failed; absent when none did. */
  failingSince?: number
  /** When the next delayed job is due. */
  nextDueAt?: number
  /** Job schedulers, or the repeatable jobs of 4 and 5. */
  schedulers?: number
  /** The queue's limit of concurrent jobs over all workers, if it has one. */
  concurrency?: number
}

/** Connections to the same database whose client name is that of a worker, by queue (`prefix:name`). */
export interface WorkerSighting {
  byQueue: ReadonlyMap<string, WorkerClient[]>
  /** Connections that wait for jobs of an unknown queue: then it is not known of any queue that it has no worker. */
  unnamed: number
}

export interface WorkerClient {
  /** Address, and the worker's own name if it has one. */
  address: string
  name?: string
  /** Seconds since it connected, and since its last command. */
  ageSeconds?: number
  idleSeconds?: number
  /** The majors that wait for jobs with the command it was running. */
  majors?: QueueMajor[]
}

/** A value of any size and kind from Redis: at most the requested part of it, always with its full size. */
export interface Content {
  bytes: number
  /** Absent when it was too large to be read, or is not text. */
  text?: string
  /** `text` is only the beginning. */
  cut?: boolean
  /** Not UTF-8: the first bytes as hexadecimal digits. */
  hex?: string
}

export interface JobSummary {
  id: string
  /** Empty when the job has no readable name. */
  name: string
  state: JobState
  addedAt?: number
  /** When the last attempt began, and when the job completed or failed for good. */
  processedAt?: number
  finishedAt?: number
  /** Of a delayed job: when it is due. */
  dueAt?: number
  /** Of an active job: it has no lock, so that its worker has stopped, or is blocked. */
  orphaned?: true
  attemptsMade: number
  attempts: number
  priority: number
  /** As it was added, ms. */
  delayMs: number
  lifo: boolean
  error?: Content
  data: Content
  /** JSON text: a number or any other value that the worker wrote. */
  progress?: Content
  /** The scheduler or repeatable job that added it. */
  scheduler?: string
  /** `prefix:name:id` of the job that waits for it. */
  parent?: string
  /** What in it is not as BullMQ would have written it, as sentences. */
  problems: string[]
}

export interface JobDetail extends Omit<JobSummary, 'state'> {
  /** Absent: it is in no list that was searched. */
  state?: JobState
  /** JSON text. */
  options: Content
  result?: Content
  /** Of each attempt that has one, oldest first. */
  stacks: Content
  /** The newest lines, oldest of them first; `total` is the number of all. */
  logs: { total: number; lines: Content[] }
  /** Name of the worker that took it last. */
  processedBy?: string
  deduplication?: string
  stalled: number
  /** ms for which its worker still has the lock. */
  lockedForMs?: number
  /** Where the job that waits for it is, if it was found. */
  parentAt?: { queue: string; id: string; state: JobState }
  /** The number of jobs it waits for, has results of, and has failures of; and some of them, first dead letters that it waits for. */
  children?: { pending: number; done: number; failed: number; jobs: ChildJob[] }
}

/** A job that another one waits for, or has waited for. */
export interface ChildJob {
  /** `prefix:name:id` */
  key: string
  /** Its outcome for the parent: still waited for, done, or failed without failing the parent. */
  outcome: 'pending' | 'done' | 'failed'
  /** Absent when it is in no list that was searched: then its queue is not certain either. */
  state?: JobState
  /** `prefix:name` and id, where it was found. */
  queue?: string
  id?: string
  /** Whether the job itself still exists. */
  exists: boolean
  name?: string
  error?: Content
}

/** One job of a flow. */
export interface FamilyMember {
  /** `prefix:name` */
  queue: string
  id: string
  name: string
  /** Absent: it is in no list that was searched. */
  state?: JobState
  /** A worker is processing it. */
  locked: boolean
}

/** A job with all that wait for it, directly or not, and all that these wait for or have waited for. */
export interface Family {
  /** Children before the jobs that wait for them; the last is the one that nobody waits for. */
  jobs: FamilyMember[]
  /** There are more than were looked for. */
  cut: boolean
}

/** Parents that wait for dead letters: they go on when those are replayed and done, or never. */
export interface DeadChildren {
  /** Among the parents examined, which are those that wait longest. */
  parents: number
  examined: number
  /** The queues of the dead letters, as `prefix:name`, and how many parents wait for one there. */
  queues: { key: string; parents: number }[]
  /** When the first of them failed. */
  since?: number
}

export interface JobPage {
  jobs: JobSummary[]
  /** Jobs in that state; of a filtered page, those that match among the examined. */
  total: number
  /** How many were examined for a filtered page, from the first on; fewer than `inState` when `complete` is false. */
  examined: number
  /** Jobs in that state, without the filter. */
  inState: number
  complete: boolean
}

export interface JobQuery {
  state: JobState
  offset: number
  /** At most 200. */
  limit: number
  filter?: JobFilter
  /** Converts an error to the form its reader may see, so that a search cannot reveal what is hidden from them. Its first 4 KiB are compared then. */
  seen?: (error: string) => string
  /** The most jobs examined for a filtered page; 2,000 when absent. Fewer when 1.5 s have passed. */
  examine?: number
}

/** A search over all jobs of one state of a queue, in steps. */
export interface JobSearch {
  state: JobState
  condition: JobCondition
  /** Jobs are not searched whose data, options, result, error or stacks are larger (bytes), where the condition asks for them. */
  largest: number
  /** Converts texts and JSON to the form that the reader may see, so that a search cannot reveal what is hidden; undefined: all of it. */
  seen?: { text(text: string): string; json(text: string): string | undefined }
  /** `next` of the step before. */
  from?: string
}

/** One step of a search, which takes Redis less than a millisecond. */
export interface JobSearchStep {
  /** Those that match, among those examined. A job that moves during the search may be found twice. */
  jobs: JobSummary[]
  examined: number
  /** Of those examined, how many were too large. */
  tooLarge: number
  /** Absent when none is left. */
  next?: string
}

/** A job scheduler, or a repeatable job of BullMQ 4 and 5. */
export interface SchedulerReading {
  key: string
  name: string
  pattern?: string
  everyMs?: number
  timeZone?: string
  nextAt?: number
  endAt?: number
  limit?: number
  runs?: number
}

/**
 * Which jobs match, in a list and in an act alike. A text matches anywhere in the first 64 KiB, without regard to case (ASCII); if several
 * are given, all must match.
 */
export interface JobFilter {
  /** Contained in the name or the error, or equal to the id. */
  q?: string
  name?: string
  error?: string
}

/** Acts on many jobs: dead letters are replayed or removed, delayed ones promoted, active ones that lost their worker released. */
export type JobAct = 'replay' | 'promote' | 'remove' | 'release'

/** The summary of a job, its texts cut. */
export interface JobLine {
  id: string
  name: string
  error: string
}

/** The activity of a queue since a cursor, counted in its stream of events. */
export interface QueueActivity {
  /** The next cursor; `0-0` when the stream is empty. */
  cursor: string
  completed: number
  /** Jobs that failed for good. */
  failed: number
  /** Totals of the queue, if its workers record metrics: exact, also when events were trimmed. */
  recorded?: { completed: number; failed: number }
  /** Events were trimmed before they could be read: the counts are of those that are left. */
  trimmed: boolean
}

/** The result of one step of a replay or a promotion. */
export interface JobStep {
  /** Moved by this step, and by the whole run so far. */
  moved: number
  done: number
  /** Jobs examined by this step. */
  examined: number
  /** Jobs left as they are, each with the reason. */
  refused: { id: string; reason: string }[]
  /** Nothing is left to examine. */
  finished: boolean
}

/** The result of one step of a removal: `removed` by this step, `done` by the whole run so far. */
export interface RemoveStep {
  removed: number
  done: number
  examined: number
  refused: { id: string; reason: string }[]
  finished: boolean
}

export interface FoundQueues {
  queues: QueueAddress[]
  /** Number of queues under other prefixes than the declared ones, by presumed prefix; 10,000 prefixes at most. */
  elsewhere: { prefix: string; queues: number }[]
  /** Queues under prefixes beyond those. */
  elsewhereRest: number
  /** Keys that look like a queue's, but whose name is not UTF-8. */
  unreadable: number
  /** Keys that look like a queue's and were examined. */
  candidates: number
  /** The next cursor; absent when all keys have been scanned. */
  next?: string
}

/**
 * All queues of one Redis: of BullMQ 4, 5 and 6, each by its own rules. Reading writes nothing. Rejects
 * with QueueError: `QUEUE_DENIED` names the command that the account may not call.
 */
export interface QueueServer extends DeadLetterServer, QueueEdits {
  /**
   * Scans the keys slowly: 1,000 at a time with a pause in between, for `budgetMs` (10,000) or until all are scanned. Returns queues of
   * every prefix, or only of the declared ones.
   */
  find(options: {
    prefixes?: readonly string[]
    from?: string
    budgetMs?: number
    signal?: AbortSignal
  }): Promise<FoundQueues>
  /**
   * In their order; undefined for one that does not exist. Cost does not grow with the number of jobs. Without `ages` (default true) it
   * costs a third, and waiting times, recent dead letters, due and scheduled jobs are left out.
   */
  readings(queues: readonly QueueAddress[], options?: { ages?: boolean }): Promise<(QueueReading | undefined)[]>
  workers(): Promise<WorkerSighting>
  /** First those that come next (or came last); `total` is exact. */
  jobs(queue: QueueAddress, query: JobQuery): Promise<JobPage>
  /** Examines the next jobs of a state: at most a hundred, fewer where they are large. First the newest, or those that come next. */
  searchNext(queue: QueueAddress, search: JobSearch): Promise<JobSearchStep>
  /** Texts up to `maxBytes` each. Undefined when there is no such job. */
  job(queue: QueueAddress, id: string, options?: { maxBytes?: number }): Promise<JobDetail | undefined>
  /** Whether parents of this queue wait for dead letters, of any queue. Undefined: none of those examined does. */
  deadChildren(queue: QueueAddress): Promise<DeadChildren | undefined>
  schedulers(queue: QueueAddress, limit?: number): Promise<SchedulerReading[]>
  /** In their order. Without a cursor it only returns the end of the stream as the next one. */
  activity(queues: readonly { queue: QueueAddress; cursor?: string }[]): Promise<QueueActivity[]>

  /** All jobs stay. True when it was not paused before. */
  pause(queue: ActAddress): Promise<boolean>
  /** Resolves when both lists are merged. True when it was paused before. */
  resume(queue: ActAddress, options?: { signal?: AbortSignal }): Promise<boolean>
  /** How many of all that match an act would take, and how many it would refuse: exact, or estimated from a sample spread over all of them. */
  count(queue: QueueAddress, act: JobAct, filter: JobFilter, options?: { examine?: number }): Promise<JobsCount>
  /**
   * Of these ids those the act could apply to: the dead letters, the delayed ones, or any job of this queue. `why`: the reason for
   * which the act would leave it as it is.
   */
  applicable(queue: QueueAddress, act: JobAct, ids: readonly string[]): Promise<(JobLine & { why?: string })[]>
  /**
   * Replays the next of all dead letters that match: those that existed when `run` began, each only once, however often and from
   * whichever process it is called, because the marker is written in the same step that moves the job.
   */
  replayNext(queue: ActAddress, run: string, filter: JobFilter): Promise<JobStep>
  /** The same for chosen ones. */
  replayChosen(queue: ActAddress, run: string, ids: readonly string[]): Promise<JobStep>
  /** Removes chosen jobs in any state, except those that a worker is processing; those that `run` has removed already count as done. */
  removeChosen(queue: ActAddress, run: string, ids: readonly string[]): Promise<RemoveStep>
  /** The flow of a job: itself alone when it has neither parent nor children. Undefined when there is no such job. `limit` is 1,000 when absent. */
  family(queue: QueueAddress, id: string, options?: { limit?: number }): Promise<Family | undefined>
  /** Removes these jobs of one flow, whoever waits for them. Those that a worker is processing stay; those that `run` has removed count as done. */
  removeFamily(queue: ActAddress, run: string, jobs: readonly Pick<FamilyMember, 'queue' | 'id'>[]): Promise<RemoveStep>
  /** Whether a job waits for a child, by the key of the child: `prefix:name:id`. */
  waitsFor(queue: QueueAddress, job: string, child: string): Promise<boolean>
  /**
   * A parent no longer waits for one of its children (its key, `prefix:name:id`), and runs if it waits for no other. False when it did
   * not wait for it. The child stays as it is, and has no parent any more.
   */
  releaseParent(queue: ActAddress, parent: string, child: string): Promise<boolean>
  /** Removes the next of all dead letters that match and failed before `run` began. */
  removeNext(queue: ActAddress, run: string, filter: JobFilter): Promise<RemoveStep>
  /**
   * Promotes the next of all delayed jobs that match, each by its priority: those that were delayed when `run` began, each only
   * once, even if it is delayed again. The first steps only note the ids.
   */
  promoteNext(queue: ActAddress, run: string, filter: JobFilter): Promise<JobStep>
  /** The same for chosen ones; those that `run` has promoted already count as done. */
  promoteChosen(queue: ActAddress, run: string, ids: readonly string[]): Promise<JobStep>
  /** Puts the next of all active jobs that have no lock first in the line of those that wait, with the attempts they had left. */
  releaseNext(queue: ActAddress, run: string, filter: JobFilter): Promise<JobStep>
  /** The same for chosen ones. */
  releaseChosen(queue: ActAddress, run: string, ids: readonly string[]): Promise<JobStep>
}

export interface JobsCount {
  /** Without those that would stay as they are. */
  count: number
  precision: 'exact' | 'sampled'
  total: number
  examined: number
  /** Of those examined, how many that match would stay as they are, by reason. */
  refused: { reason: string; count: number }[]
  sample: JobLine[]
}
