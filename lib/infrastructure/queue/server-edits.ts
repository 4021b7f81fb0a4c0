import type { JobOptions, JobState } from './port.ts'
import type { ActAddress, JobsCount, QueueAddress, RemoveStep } from './server-port.ts'

/** Limits over all workers of a queue, kept in its settings; BullMQ 5 and 6 know them. Absent: no limit. */
export interface QueueLimits {
  /** The most jobs at a time. */
  concurrency?: number
  /** The most jobs begun in so many ms. */
  rate?: { max: number; durationMs: number }
}

export type ClearedState = Exclude<JobState, 'active' | 'waiting-children'>

/** Which jobs are cleared: those of these states that are older. The age of a finished job counts since it finished, of any other since it was added. */
export interface Clearance {
  states: readonly ClearedState[]
  /** 0: all there are when the run begins. */
  olderThanMs: number
}

/** A job to add by hand. */
export interface HandmadeJob extends JobOptions {
  name: string
  /** JSON text, stored as it is. */
  data: string
  /** Of its type; without one a worker takes it for version 1. */
  version?: number
}

/** Why a job stays as it is, as the end of a sentence; undefined: it was done. */
export type WhyNot = string | undefined

/** What is changed of a queue as a whole, and of one job, each by the rules of the BullMQ that works on it. */
export interface QueueEdits {
  limits(queue: QueueAddress): Promise<QueueLimits>
  /** Sets exactly these. Rejects with `QUEUE_VALUE` where that BullMQ has no such limits. */
  setLimits(queue: ActAddress, limits: QueueLimits): Promise<void>
  /** How many jobs a clearance would remove, exactly or from a sample spread over all. */
  countCleared(queue: QueueAddress, clearance: Clearance): Promise<JobsCount>
  /** Removes the next of them; a resumed run goes on with the age that counted when it began. Jobs of unfinished flows and next runs of schedulers stay. */
  clearNext(queue: ActAddress, run: string, clearance: Clearance): Promise<RemoveStep>
  /**
   * Removes the next jobs of a queue in any state, and with the last one its schedulers, settings, events and metrics. The first step pauses it. Stops at a
   * job that a worker is processing: `refused`.
   */
  obliterateNext(queue: ActAddress, run: string): Promise<RemoveStep>

  /** Replaces the payload (JSON text) of a job that no worker is processing, if that is still the one with this SHA-1 (hexadecimal). */
  updateData(queue: ActAddress, id: string, data: string, replacedSha1: string): Promise<WhyNot>
  /** 0: none. A waiting job moves to its place among the others. */
  changePriority(queue: ActAddress, id: string, priority: number): Promise<WhyNot>
  /** Of a delayed job: it is due so many ms from now. */
  changeDelay(queue: ActAddress, id: string, delayMs: number): Promise<WhyNot>
  /** A waiting, prioritized or delayed job becomes the first in line. */
  runNow(queue: ActAddress, id: string): Promise<WhyNot>
  /** A waiting, prioritized or delayed job becomes a dead letter with this reason. */
  toDeadLetters(queue: ActAddress, id: string, reason: string): Promise<WhyNot>
  /** Adds a job; resolves with its id, or why it was not added. Rejects with `QUEUE_VALUE` for one that no queue can take. */
  addJob(queue: ActAddress, job: HandmadeJob): Promise<{ id: string } | { why: string }>
  /** Adds a job with the same name, data and options, in whatever state that one is; not its parent, scheduler or deduplication. */
  duplicate(queue: ActAddress, id: string): Promise<{ id: string } | { why: string }>
}
