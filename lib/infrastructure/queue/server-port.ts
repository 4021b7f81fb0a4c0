import type { JobCounts, JobState } from './port.ts'

/** Where the keys of a queue lie: `prefix:name:…`. Both may hold anything that is UTF-8. */
export interface QueueAddress {
  prefix: string
  name: string
}

export type QueueMajor = 4 | 5 | 6

/** Which BullMQ works on a queue: as its `meta.version` says, or else as the other keys and fields that it leaves allow. */
export interface QueueWriter {
  /** As it stands there: `bullmq:5.81.5`. Absent when there is none: flows and workers alone never write it, nor do older versions. */
  version?: string
  /** Only where it is certain and its rules are known here; then the queue can be operated. */
  major?: QueueMajor
  /** Where no version says it: those that its keys and jobs allow. */
  possible?: QueueMajor[]
  /** Why it can only be looked at. */
  unknownBecause?: string
}

/** A queue to act on. */
export interface ActAddress extends QueueAddress {
  /** What its BullMQ is taken to be where the queue itself names no version. */
  assumed?: QueueMajor
}

/** One queue at one moment. Times are ms since the epoch on the clocks of those who wrote them. */
export interface QueueReading extends QueueAddress {
  writer: QueueWriter
  paused: boolean
  /** A state whose key holds something else than BullMQ would write is absent: unknown, not zero. */
  counts: Partial<JobCounts>
  /** Of those waiting, how many lie in the `paused` list that BullMQ 4 and 5 use, and 6 no longer serves. */
  inPausedList: number
  /** Since when the oldest of those that could be worked on now waits; absent when none does. */
  waitingSince?: number
  /** When the newest dead letter died, and how many did in the last ten minutes. */
  lastFailedAt?: number
  failedLately?: number
  /** When the first of those died; absent when none did. */
  dyingSince?: number
  /** When the next delayed job is due. */
  nextDueAt?: number
  /** Job schedulers, or the repeatable jobs of 4 and 5. */
  schedulers?: number
  /** Jobs at a time over all workers, where the queue limits it. */
  concurrency?: number
}

/** Connections to the same database that name themselves as workers, by queue (`prefix:name`). */
export interface WorkerSighting {
  byQueue: ReadonlyMap<string, WorkerClient[]>
  /** Connections that wait for jobs and do not say of which queue: then no queue can be said to have no worker. */
  unnamed: number
}

export interface WorkerClient {
  /** Address, and the worker's own name if it has one. */
  address: string
  name?: string
  /** Seconds since it connected, and since it last asked for something. */
  ageSeconds?: number
  idleSeconds?: number
  /** The majors that wait for jobs by the command in which it was seen. */
  majors?: QueueMajor[]
}

/** Text of any size and kind out of Redis: never more of it than was asked for, always with its whole size. */
export interface Content {
  bytes: number
  /** Absent when it was too large to be read, or is no text. */
  text?: string
  /** `text` is only the beginning. */
  cut?: boolean
  /** No UTF-8; the first bytes as hexadecimal digits. */
  hex?: string
}

export interface JobSummary {
  id: string
  /** Empty when the job has none that can be read. */
  name: string
  state: JobState
  addedAt?: number
  /** When the last try began, and when the job was done or given up. */
  processedAt?: number
  finishedAt?: number
  /** Of a delayed job: when it is due. */
  dueAt?: number
  attemptsMade: number
  attempts: number
  priority: number
  /** As it was added, ms. */
  delayMs: number
  lifo: boolean
  error?: Content
  data: Content
  /** JSON text: a number or whatever the worker wrote. */
  progress?: Content
  /** The scheduler or repeatable job it comes of. */
  scheduler?: string
  /** `prefix:name:id` of the job that waits for it. */
  parent?: string
  /** What of it is not as BullMQ would have written it, in plain words. */
  problems: string[]
}

export interface JobDetail extends Omit<JobSummary, 'state'> {
  /** Absent: it is in no list that was looked through. */
  state?: JobState
  /** JSON text. */
  options: Content
  result?: Content
  /** Of each try that left one, oldest first. */
  stacks: Content
  /** The newest lines, oldest of them first; `total` is how many there are. */
  logs: { total: number; lines: Content[] }
  /** Name of the worker that took it last. */
  processedBy?: string
  deduplication?: string
  stalled: number
  /** ms for which its worker still holds it. */
  lockedForMs?: number
  /** Where the job is that waits for it, as far as it was found. */
  parentAt?: Pick<ChildJob, 'queue' | 'id' | 'state'>
  /** How many jobs it waits for, has had results of, and has had failures of; and some of them, dead letters that it waits for first. */
  children?: { pending: number; done: number; failed: number; jobs: ChildJob[] }
}

/** A job that another one waits for, or has waited for. */
export interface ChildJob {
  /** `prefix:name:id` */
  key: string
  /** What it is to its parent: still waited for, done, or failed without the parent failing. */
  outcome: 'pending' | 'done' | 'failed'
  /** Absent where it is in no list that was looked through: then its queue is not certain either. */
  state?: JobState
  /** `prefix:name` and id, where it was found. */
  queue?: string
  id?: string
  /** Whether there is anything left of the job itself. */
  exists: boolean
  name?: string
  error?: Content
}

/** Parents that wait for dead letters: they go on when those are replayed and done, or never. */
export interface DeadChildren {
  /** Of those looked at, which are the ones that wait longest. */
  parents: number
  examined: number
  /** Where the dead letters lie, as `prefix:name`, and how many parents wait for one there. */
  queues: { key: string; parents: number }[]
  /** When the first of them died. */
  since?: number
}

export interface JobPage {
  jobs: JobSummary[]
  /** Jobs in that state; of a filtered page, those that match among the examined. */
  total: number
  /** How many were looked at for a filtered page, the ones that come first; fewer than `inState` when `complete` is false. */
  examined: number
  /** Jobs in that state, whatever the filter. */
  inState: number
  complete: boolean
}

export interface JobQuery {
  state: JobState
  offset: number
  /** At most 200. */
  limit: number
  filter?: JobFilter
  /** An error as the reader may see it: what is hidden from them must not be found out by looking for it. Its first 4 KiB are looked at then. */
  seen?: (error: string) => string
  /** Jobs looked at for a filtered page; 2,000 unless given. Fewer where a second and a half is over. */
  examine?: number
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
 * Which jobs are meant, in a list and in an act alike. A text matches anywhere and in whatever case (ASCII) in the first 64 KiB; where several
 * are given, all must match.
 */
export interface JobFilter {
  /** In the name or the error, or the whole id. */
  q?: string
  name?: string
  error?: string
}

/** What is done to many jobs: dead letters are replayed or removed, delayed ones promoted. */
export type JobAct = 'replay' | 'promote' | 'remove'

/** A job in a line, its texts cut. */
export interface JobLine {
  id: string
  name: string
  error: string
}

/** What went on in a queue since a cursor, counted in its stream of events. */
export interface QueueActivity {
  /** Where to go on; `0-0` when the stream is empty. */
  cursor: string
  completed: number
  /** Tries that failed for good. */
  failed: number
  /** Since the queue began, where its workers record metrics: exact, whatever was thrown away. */
  recorded?: { completed: number; failed: number }
  /** Events were thrown away before they could be read: the counts are of those that are left. */
  trimmed: boolean
}

/** What one step of a replay or a promotion did. */
export interface JobStep {
  /** Moved by this step, and by the whole run so far. */
  moved: number
  done: number
  /** Jobs looked at by this step. */
  examined: number
  /** Left as they were, each with the reason. */
  refused: { id: string; reason: string }[]
  /** Nothing is left to look at. */
  finished: boolean
}

/** What one step of a removal did: `removed` by this step, `done` by the whole run so far. */
export interface RemoveStep {
  removed: number
  done: number
  examined: number
  refused: { id: string; reason: string }[]
  finished: boolean
}

export interface FoundQueues {
  queues: QueueAddress[]
  /** Queues under other prefixes than the declared ones, by prefix as far as it can be told; of 10,000 prefixes at most. */
  elsewhere: { prefix: string; queues: number }[]
  /** Queues under prefixes beyond those. */
  elsewhereRest: number
  /** Keys that look like a queue's and whose name is no UTF-8. */
  unreadable: number
  /** Keys that look like a queue's, walked and looked at. */
  candidates: number
  /** Where to go on; absent when all keys have been walked. */
  next?: string
}

/**
 * The queues of one Redis, whoever made them: BullMQ 4, 5 and 6, each by its own rules. Looking writes nothing. Rejects
 * with QueueError: `QUEUE_DENIED` names the command that the account may not call.
 */
export interface QueueServer {
  /**
   * Walks the keys gently: 1,000 at a time with a rest between, for `budgetMs` (10,000) or until all are walked. Queues of every prefix,
   * or only of the declared ones.
   */
  find(options: {
    prefixes?: readonly string[]
    from?: string
    budgetMs?: number
    signal?: AbortSignal
  }): Promise<FoundQueues>
  /**
   * In their order; undefined for one that is gone. Cost does not grow with the number of jobs. Without `ages` (true) it costs a third,
   * and since when jobs wait, what died lately, what is due and scheduled are left out.
   */
  readings(queues: readonly QueueAddress[], options?: { ages?: boolean }): Promise<(QueueReading | undefined)[]>
  workers(): Promise<WorkerSighting>
  /** What comes next (or came last) first; `total` is exact. */
  jobs(queue: QueueAddress, query: JobQuery): Promise<JobPage>
  /** Texts up to `maxBytes` each. Undefined when there is no such job. */
  job(queue: QueueAddress, id: string, options?: { maxBytes?: number }): Promise<JobDetail | undefined>
  /** Whether parents of this queue wait for dead letters, in whatever queue those lie. Undefined: none of those looked at does. */
  deadChildren(queue: QueueAddress): Promise<DeadChildren | undefined>
  schedulers(queue: QueueAddress, limit?: number): Promise<SchedulerReading[]>
  /** In their order. Without a cursor it only finds out where the stream ends. */
  activity(queues: readonly { queue: QueueAddress; cursor?: string }[]): Promise<QueueActivity[]>

  /** All jobs stay. True when it was not paused before. */
  pause(queue: ActAddress): Promise<boolean>
  /** Until both lists are one. True when it was paused before. */
  resume(queue: ActAddress, options?: { signal?: AbortSignal }): Promise<boolean>
  /** How many of all that match an act would take, and how many it would refuse: exact, or of a sample spread over all of them. */
  count(queue: QueueAddress, act: JobAct, filter: JobFilter, options?: { examine?: number }): Promise<JobsCount>
  /**
   * Of these ids those that the act could mean: the dead letters, the delayed ones, or whatever is a job of this queue. `why`: the reason for
   * which the act would leave it as it is.
   */
  meant(queue: QueueAddress, act: JobAct, ids: readonly string[]): Promise<(JobLine & { why?: string })[]>
  /**
   * Replays the next of all dead letters that match, those that were there when `run` began and each only once, however
   * often it is called and by whom: the marker is written in the same step that moves the job.
   */
  replayNext(queue: ActAddress, run: string, filter: JobFilter): Promise<JobStep>
  /** The same for chosen ones. */
  replayChosen(queue: ActAddress, run: string, ids: readonly string[]): Promise<JobStep>
  /** Removes chosen jobs in any state but active; who is gone by `run` already counts as done. */
  removeChosen(queue: ActAddress, run: string, ids: readonly string[]): Promise<RemoveStep>
  /** Removes the next of all dead letters that match and died before `run` began. */
  removeNext(queue: ActAddress, run: string, filter: JobFilter): Promise<RemoveStep>
  /**
   * Lets the next of all delayed jobs that match go now, each by its priority: those that were delayed when `run` began, and each only
   * once, though it may be delayed again meanwhile. The first steps only note who they are.
   */
  promoteNext(queue: ActAddress, run: string, filter: JobFilter): Promise<JobStep>
  /** The same for chosen ones; who was let go by `run` already counts as done. */
  promoteChosen(queue: ActAddress, run: string, ids: readonly string[]): Promise<JobStep>
}

export interface JobsCount {
  /** Without those that would stay as they are. */
  count: number
  precision: 'exact' | 'sampled'
  total: number
  examined: number
  /** Of those looked at, how many that match would stay as they are, by reason. */
  refused: { reason: string; count: number }[]
  sample: JobLine[]
}
