import type { QueueAddress } from './queue-reading.ts'

/** How long the last finished jobs of a queue took, each as its own hash tells. */
export interface FinishedTimes {
  /** How many were read: the newest 500 of those that completed and those that failed for good, at most. */
  jobs: number
  /** When the first and the last of them finished (ms since the epoch); absent when there are none. */
  from?: number
  to?: number
  /**
   * ms from when a job could be taken (added, or its delay over, or put there by an act of this library) to when its attempt began, in
   * ascending order. Of a job that was tried more than once, or that waited for children, it is not known.
   */
  waited: number[]
  /** ms of the last attempt of each, in ascending order: times of earlier attempts are not kept. */
  processed: number[]
  /** Of those read, how many were tried more than once. */
  retried: number
}

/** An event of one job. */
export interface JobEvent {
  /** ms since the epoch, by Redis' clock. */
  at: number
  /** `added`, `waiting`, `active`, `delayed`, `failed`, `completed`, `stalled` and others. */
  event: string
  /** The state before, where the event names it. */
  prev?: string
  /** Of `failed`: its first 500 bytes. */
  error?: string
  /** Of `delayed`: when it is due (ms since the epoch). */
  dueAt?: number
}

export interface JobEvents {
  /** Oldest first. */
  events: JobEvent[]
  /** How many events of the queue were read, and since when they go back. */
  read: number
  since?: number
}

export interface QueueHistory {
  finishedTimes(queue: QueueAddress): Promise<FinishedTimes>
  /** The events of one job among the last 10,000 of its queue. */
  eventsOf(queue: QueueAddress, id: string): Promise<JobEvents>
}
