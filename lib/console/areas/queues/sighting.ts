import { QueueError, type QueueServer, type WorkerSighting } from '../../../infrastructure/queue/index.ts'
import { counted } from '../../platform/counted.ts'
import type { Known, WatchedQueue } from './port.ts'

/** How long one list of connections is used (ms): it can be long. */
const FRESH_FOR = 4_000

/** The workers of a Redis as its list of connections shows them; not known where the account may not read that list. */
export function workerSighting(
  queues: Pick<QueueServer, 'workers'>,
): (options?: { maxAge?: number }) => Promise<Known<WorkerSighting>> {
  let sighted: { at: number; workers: Known<WorkerSighting> } | undefined
  return async ({ maxAge = FRESH_FOR } = {}) => {
    if (sighted && performance.now() - sighted.at < maxAge) return sighted.workers
    let workers: Known<WorkerSighting>
    try {
      workers = { known: true, value: await queues.workers() }
    } catch (error) {
      if (!(error instanceof QueueError && error.code === 'QUEUE_DENIED')) throw error
      workers = { known: false, reason: [error.message, error.nextStep].filter(Boolean).join('. ') }
    }
    sighted = { at: performance.now(), workers }
    return workers
  }
}

/** A queue certainly has no workers only when every connection that could be one says for which queue it works. */
export function workersOf(key: string, active: number, sighting: Known<WorkerSighting>): WatchedQueue['workers'] {
  if (!sighting.known) return sighting
  const named = sighting.value.byQueue.get(key) ?? []
  if (named.length > 0) return { known: true, value: named }
  const { unnamed } = sighting.value
  if (active > 0)
    return {
      known: false,
      reason: 'Jobs are being worked on, but no connection says that it is a worker of this queue.',
    }
  if (unnamed > 0)
    return {
      known: false,
      reason: `${counted(unnamed, 'connection waits', 'connections wait')} for jobs without naming a queue.`,
    }
  return { known: true, value: [] }
}
