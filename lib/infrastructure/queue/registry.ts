import type { BreakerRegistry } from '../resilience/index.ts'
import { type DependentWorker, dependentWorker } from './dependent-worker.ts'
import {
  type JobHandler,
  type Queue,
  type QueueBackend,
  QueueError,
  type Queues,
  type Worker,
  type WorkerOptions,
} from './port.ts'

/** The queues and workers of a process on a backend: one queue per name, and all closed in order. */
export function queuesOver(
  backend: QueueBackend,
  { breakers }: { breakers?: Pick<BreakerRegistry, 'get' | 'onTransition'> } = {},
): Queues {
  const queues = new Map<string, Promise<Queue>>()
  const dependent = new Set<DependentWorker>()
  const workers = new Set<Worker>()
  let closing: Promise<void> | undefined
  const refuseClosed = () => {
    if (closing) throw new QueueError('The queues of this process have been closed', { code: 'QUEUE_CLOSED' })
  }
  async function closeAll(options: { timeoutMs?: number }): Promise<void> {
    await Promise.allSettled([...workers].map(worker => worker.close(options)))
    await Promise.allSettled([...queues.values()].map(async queue => (await queue).close()))
    // Also when Redis is down and they could not be closed in order: an open connection would keep the process alive.
    await backend.close()
  }
  return {
    async queue(name) {
      refuseClosed()
      if (name === '' || name.includes(':'))
        throw new QueueError(`${JSON.stringify(name)} is not a valid name for a queue: it must not contain a colon`, {
          code: 'QUEUE_VALUE',
        })
      const open = queues.get(name) ?? backend.openQueue(name)
      queues.set(name, open)
      open.catch(() => queues.delete(name))
      return open
    },
    async work<T>(queue: string, handler: JobHandler<T>, options: WorkerOptions = {}) {
      refuseClosed()
      const { dependsOn = [], resumePerSecond } = options
      const open = (given: JobHandler) => backend.openWorker(queue, given, options)
      if (dependsOn.length === 0) {
        const worker = await open(handler as JobHandler)
        workers.add(worker)
        return worker
      }
      if (!breakers)
        throw new QueueError(`A worker of ${queue} depends on breakers, and there are none`, {
          code: 'QUEUE_VALUE',
          nextStep: 'Pass breakers to createQueues.',
        })
      const gate = { breakers, dependsOn, ...(resumePerSecond === undefined ? {} : { resumePerSecond }) }
      const worker = await dependentWorker(gate, handler as JobHandler, open)
      workers.add(worker)
      dependent.add(worker)
      return worker
    },
    ignoreDependencies(queue, options) {
      const meant = [...dependent].filter(worker => worker.queue === queue)
      for (const { gate } of meant) gate.ignore(options)
      return meant.length > 0
    },
    mindDependencies(queue, id) {
      const meant = [...dependent].filter(worker => worker.queue === queue)
      return meant.map(({ gate }) => gate.mind(id)).includes(true)
    },
    reports: () => [...workers].map(worker => worker.report()),
    get revision() {
      let sum = workers.size
      for (const worker of workers) sum += worker.revision
      return sum
    },
    close(options = {}) {
      closing ??= closeAll(options)
      return closing
    },
  }
}
