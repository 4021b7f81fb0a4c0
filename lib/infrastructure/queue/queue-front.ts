import type { BackendQueue } from './backend.ts'
import type { JobType } from './job-type.ts'
import type { JobOptions, Queue } from './port.ts'
import { type CurrentTrace, preparedJob } from './prepared-job.ts'

/** A queue whose jobs are checked before its backend gets them. */
export function queueFront(queue: BackendQueue, currentTrace?: CurrentTrace): Queue {
  return {
    ...queue,
    add: async (name: string | JobType, data: unknown, options: JobOptions = {}) =>
      queue.add(preparedJob(queue.name, { name, data, options }, currentTrace)),
    addBulk: async jobs => queue.addBulk(jobs.map(job => preparedJob(queue.name, job, currentTrace))),
  }
}
