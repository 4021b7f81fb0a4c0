import type { Idempotency } from '../idempotency/index.ts'
import { receivedData } from './job-type.ts'
import { handledOnce } from './once.ts'
import { type JobHandler, QueueError, type WorkerOptions } from './port.ts'

/** What happens before a handler gets a job, the same for every backend: its data is checked, and it is handled once for its key. */
export function handlerOf(
  queue: string,
  handler: JobHandler,
  { types = [], idempotencyKey }: Pick<WorkerOptions, 'types' | 'idempotencyKey'>,
  idempotency: Pick<Idempotency, 'run'> | undefined,
): JobHandler {
  if (idempotencyKey && !idempotency)
    throw new QueueError(`A worker of ${queue} has an idempotencyKey, and there is no store for it`, {
      code: 'QUEUE_VALUE',
      nextStep: 'Pass idempotency to createQueues.',
    })
  const once = idempotencyKey && idempotency ? handledOnce(queue, handler, idempotencyKey, idempotency) : handler
  if (types.length === 0) return once
  const known = new Map(types.map(type => [type.name, type]))
  return job => {
    const type = known.get(job.name)
    if (type) {
      job.data = receivedData(type, job.data, job.version)
      job.version = type.version
    }
    return once(job)
  }
}
