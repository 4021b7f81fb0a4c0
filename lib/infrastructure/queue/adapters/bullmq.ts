import type { QueueBackend } from '../backend.ts'
import { bullmqCalls } from './bullmq-call.ts'
import { bullmqFlows } from './bullmq-flow.ts'
import { bullmqQueue } from './bullmq-queue.ts'
import type { BullStore } from './bullmq-store.ts'
import { bullmqWorker } from './bullmq-worker.ts'

/** Queues and workers on BullMQ 6. No call on a queue takes longer than `timeoutMs`. */
export function bullmqBackend(store: BullStore, { timeoutMs }: { timeoutMs: number }): QueueBackend {
  let flows: ReturnType<typeof bullmqFlows> | undefined
  return {
    openQueue: async name => bullmqQueue(name, { store, timeoutMs }),
    async openWorker(queue, handler, options) {
      const { globalConcurrency } = options
      if (globalConcurrency !== undefined) {
        const run = bullmqCalls({ name: queue, server: store.server, timeoutMs }, async () => undefined)
        await run(() => store.limitQueue(queue, globalConcurrency))
      }
      return bullmqWorker(queue, handler, { ...options, store })
    },
    async addFlow(flow) {
      flows ??= bullmqFlows({ store, timeoutMs })
      return flows.add(flow)
    },
    async close() {
      // It would wait for a server that is down.
      flows?.close().catch(() => undefined)
      await store.close()
    },
  }
}
