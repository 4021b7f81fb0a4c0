import { type JobHandler, type Queue, type QueueBackend, QueueError, type Queues, type Worker } from './port.ts'

/** The queues and workers of a process on a backend: one queue per name, and all closed in order. */
export function queuesOver(backend: QueueBackend): Queues {
  const queues = new Map<string, Promise<Queue>>()
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
    async work<T>(queue: string, handler: JobHandler<T>, options = {}) {
      refuseClosed()
      const worker = await backend.openWorker(queue, handler as JobHandler, options)
      workers.add(worker)
      return worker
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
