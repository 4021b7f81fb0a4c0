import { BreakerOpenError } from '../resilience/index.ts'
import { DependencyGate, type DependencyGateOptions } from './dependency-gate.ts'
import type { JobHandler, Worker } from './port.ts'

export interface DependentWorker extends Worker {
  readonly gate: DependencyGate
}

/** A worker that takes no jobs while a breaker is open on which they depend. */
export async function dependentWorker(
  options: Omit<DependencyGateOptions, 'onChange'>,
  handler: JobHandler,
  open: (handler: JobHandler) => Promise<Worker>,
): Promise<DependentWorker> {
  let revision = 0
  let pausedByCaller = false
  let inner: Worker | undefined
  let state: 'working' | 'held' | 'paused' = 'working'
  let moving = Promise.resolve()
  const gate = new DependencyGate({
    ...options,
    onChange() {
      revision++
      void move()
    },
  })
  const wanted = () => (pausedByCaller ? 'paused' : gate.isHeld ? 'held' : 'working')
  async function step(): Promise<void> {
    while (inner && state !== wanted()) {
      state = wanted()
      if (state === 'working') inner.resume()
      // Held back it does not wait for jobs under way, or it would take none until the longest of them has ended.
      else await inner.pause({ waitForJobs: state === 'paused' }).catch(() => undefined)
    }
  }
  /** One move after another: a worker that is resumed before its pause has ended may come to a standstill. */
  function move(): Promise<void> {
    moving = moving.then(step)
    return moving
  }

  const worker = await open(async job => {
    const leave = await gate.enter(job.signal)
    try {
      return await handler(job)
    } catch (error) {
      // It opened after the job had begun: nothing was done, so no attempt is spent.
      if (error instanceof BreakerOpenError && gate.isFor(error.breaker)) await gate.giveBack(job.signal)
      throw error
    } finally {
      leave()
    }
  }).catch(error => {
    gate.close()
    throw error
  })
  inner = worker
  void move()

  return {
    name: worker.name,
    queue: worker.queue,
    gate,
    async pause({ waitForJobs = true } = {}) {
      pausedByCaller = true
      const moved = move()
      if (waitForJobs) await moved
    },
    resume() {
      pausedByCaller = false
      void move()
    },
    report() {
      const { paused: _byGate, ...report } = worker.report()
      return { ...report, ...(pausedByCaller ? { paused: true } : {}), ...gate.report() }
    },
    get revision() {
      return worker.revision + revision
    },
    async close(how) {
      gate.close()
      await worker.close(how)
    },
  }
}
