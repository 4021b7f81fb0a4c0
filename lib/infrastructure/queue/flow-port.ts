import type { NewJob } from './job-port.ts'

/** A job that begins when all its children, in whichever queues, have completed. */
export interface FlowJob extends NewJob {
  queue: string
  children?: readonly FlowJob[]
  /**
   * What its parent does when it is a dead letter: waits until the child was replayed and completed (`wait`, when absent), fails too
   * (`fail`), or goes on without it (`ignore`).
   */
  ifItFails?: 'wait' | 'fail' | 'ignore'
}

/** Ids of the jobs of a flow, in the shape in which they were given. */
export interface AddedFlow {
  queue: string
  id: string
  children: AddedFlow[]
}

export interface Batch {
  /** That of the completion job. With it the same batch is added only once. */
  id?: string
  jobs: readonly (NewJob & { queue: string })[]
  onComplete: NewJob & { queue: string }
}
