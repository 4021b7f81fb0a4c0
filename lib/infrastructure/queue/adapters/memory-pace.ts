import type { WorkerOptions } from '../port.ts'
import type { StoredQueue } from './memory-store.ts'

/** How long (ms) until another job of the queue may begin: 0 for now. Counts as BullMQ does, in windows that begin with a job. */
export function waitForTurn(queue: StoredQueue, limit: WorkerOptions['rateLimit']): number {
  const { window } = queue
  const left = window ? window.until - Date.now() : 0
  return limit && window && left > 0 && window.begun >= limit.max ? left : 0
}

export function countTurn(queue: StoredQueue, limit: WorkerOptions['rateLimit']): void {
  if (!limit) return
  if (!queue.window || queue.window.until <= Date.now()) queue.window = { until: Date.now() + limit.perMs, begun: 0 }
  queue.window.begun++
}
