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
  const gate = new DependencyGate({
    ...options,
    onChange() {
      revision++
      void move()
    },
  })
  let stands = false
  let moving: Promise<void> | undefined

  const shouldStand = () => pausedByCaller || gate.isHeld
  /** One move after another: a worker that is resumed before its pause has ended may come to a standstill. */
  async function step(worker: Worker): Promise<void> {
    while (stands !== shouldStand()) {
      stands = !stands
      // A pause waits for jobs under way, whatever their outcome.
      if (stands) await worker.pause().catch(() => undefined)
      else worker.resume()
    }
  }
  async function move(): Promise<void> {
    if (!inner || stands === shouldStand()) return moving
    moving ??= step(inner).finally(() => {
      moving = undefined
      void move()
    })
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
    pause() {
      pausedByCaller = true
      return move()
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
