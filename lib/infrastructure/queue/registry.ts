import type { Idempotency } from '../idempotency/index.ts'
import type { BreakerRegistry } from '../resilience/index.ts'
import type { BackendWorkerOptions, QueueBackend } from './backend.ts'
import { type DependentWorker, dependentWorker } from './dependent-worker.ts'
import { reportedTypes } from './job-type.ts'
import {
  type FlowJob,
  type JobHandler,
  type Queue,
  QueueError,
  type Queues,
  type Worker,
  type WorkerOptions,
  type WorkerReport,
} from './port.ts'
import { type CurrentTrace, flowOfBatch, preparedFlow } from './prepared-job.ts'
import { queueFront } from './queue-front.ts'
import { handlerOf } from './worker-front.ts'

export interface QueueDependencies {
  /** Where the breakers are that workers may depend on. */
  breakers?: Pick<BreakerRegistry, 'get' | 'onTransition'>
  /** Where it is kept which jobs have been handled, for workers with an `idempotencyKey`. */
  idempotency?: Pick<Idempotency, 'run'>
  /** Each job is added with it, and its handler gets it: as metadata of BullMQ's own telemetry, so that both understand each other. */
  traceContext?: CurrentTrace
}

/** The queues and workers of a process on a backend: one queue per name, and all closed in order. */
export function queuesOver(backend: QueueBackend, dependencies: QueueDependencies = {}): Queues {
  const { breakers, idempotency, traceContext } = dependencies
  const queues = new Map<string, Promise<Queue>>()
  const dependent = new Set<DependentWorker>()
  const workers = new Map<Worker, Pick<WorkerReport, 'types'>>()
  let closing: Promise<void> | undefined
  const refuseClosed = () => {
    if (closing) throw new QueueError('The queues of this process have been closed', { code: 'QUEUE_CLOSED' })
  }
  async function closeAll(options: { timeoutMs?: number }): Promise<void> {
    await Promise.allSettled([...workers.keys()].map(worker => worker.close(options)))
    await Promise.allSettled([...queues.values()].map(async queue => (await queue).close()))
    // Also when Redis is down and they could not be closed in order: an open connection would keep the process alive.
    await backend.close()
  }
  async function openQueue(name: string): Promise<Queue> {
    refuseClosed()
    checkName(name)
    const open = queues.get(name) ?? backend.openQueue(name).then(queue => queueFront(queue, traceContext))
    queues.set(name, open)
    open.catch(() => queues.delete(name))
    return open
  }
  async function addFlow(flow: FlowJob) {
    refuseClosed()
    checkNames(flow)
    return backend.addFlow(preparedFlow(flow, traceContext))
  }
  return {
    queue: openQueue,
    addFlow,
    addBatch: async batch => addFlow(flowOfBatch(batch)),
    async work<T>(queue: string, given: JobHandler<T>, options: WorkerOptions = {}) {
      refuseClosed()
      const { types = [], idempotencyKey: _key, ...rest } = options
      const { dependsOn = [], resumePerSecond, deadLetterQueue } = options
      const handler = handlerOf(queue, given as JobHandler, options, idempotency)
      const inner: BackendWorkerOptions = { ...rest }
      if (deadLetterQueue !== undefined) {
        const dead = await openQueue(deadLetterQueue)
        inner.bury = letter => dead.add(letter.name, letter)
      }
      const open = (handler: JobHandler) => backend.openWorker(queue, handler, inner)
      const reported = types.length > 0 ? { types: reportedTypes(types) } : {}
      if (dependsOn.length === 0) {
        const worker = await open(handler)
        workers.set(worker, reported)
        return worker
      }
      if (!breakers)
        throw new QueueError(`A worker of ${queue} depends on breakers, and there are none`, {
          code: 'QUEUE_VALUE',
          nextStep: 'Pass breakers to createQueues.',
        })
      const gate = { breakers, dependsOn, ...(resumePerSecond === undefined ? {} : { resumePerSecond }) }
      const worker = await dependentWorker(gate, handler, open)
      workers.set(worker, reported)
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
    reports: () => [...workers].map(([worker, reported]) => ({ ...worker.report(), ...reported })),
    get revision() {
      let sum = workers.size
      for (const worker of workers.keys()) sum += worker.revision
      return sum
    },
    close(options = {}) {
      closing ??= closeAll(options)
      return closing
    },
  }
}

function checkName(name: string): void {
  if (name === '' || name.includes(':'))
    throw new QueueError(`${JSON.stringify(name)} is not a valid name for a queue: it must not contain a colon`, {
      code: 'QUEUE_VALUE',
    })
}

function checkNames({ queue, children = [] }: FlowJob): void {
  checkName(queue)
  for (const child of children) checkNames(child)
}
