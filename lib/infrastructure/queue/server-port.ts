import type { DeadLetterServer } from './dead-letters-port.ts'
import type { QueueDeduplications } from './deduplication-port.ts'
import type { QueueHistory } from './history-port.ts'
import type { JobCondition } from './job-condition.ts'
import type {
  DeadChildren,
  Family,
  FamilyMember,
  JobDetail,
  JobFilter,
  JobLine,
  JobPage,
  JobQuery,
  JobSummary,
} from './job-reading.ts'
import type { JobState } from './port.ts'
import type {
  ActAddress,
  FoundQueues,
  QueueActivity,
  QueueAddress,
  QueueReading,
  SchedulerReading,
  WorkerSighting,
} from './queue-reading.ts'
import type { QueueEdits } from './server-edits.ts'

export type * from './job-reading.ts'
export type * from './queue-reading.ts'

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

/** Acts on many jobs: dead letters are replayed or removed, delayed ones promoted, active ones that lost their worker released. */
export type JobAct = 'replay' | 'promote' | 'remove' | 'release'

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

/**
 * All queues of one Redis: of BullMQ 4, 5 and 6, each by its own rules. Reading writes nothing. Rejects
 * with QueueError: `QUEUE_DENIED` names the command that the account may not call.
 */
export interface QueueServer extends DeadLetterServer, QueueDeduplications, QueueEdits, QueueHistory {
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
