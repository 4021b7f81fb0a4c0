import type { QueueBackend } from '../backend.ts'
import { addFlow } from './memory-add.ts'
import { memoryQueue } from './memory-queue.ts'
import { MemoryStore } from './memory-store.ts'
import { memoryWorker } from './memory-worker.ts'

/** Queues in this process' memory: for tests and for starting without Redis. They end with the process. */
export function memoryBackend(): QueueBackend {
  const jobs = new MemoryStore()
  return {
    openQueue: async name => memoryQueue(name, jobs),
    openWorker: async (name, handler, options) => memoryWorker(name, handler, options, jobs),
    addFlow: async flow => addFlow(jobs, flow),
    close: async () => jobs.clear(),
  }
}
