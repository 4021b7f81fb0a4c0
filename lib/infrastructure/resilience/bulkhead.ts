import { Places } from './places.ts'
import type { Execution } from './port.ts'
import { BulkheadFullError, PolicyOptionsError } from './refusals.ts'

export interface BulkheadOptions {
  /** Named in errors. */
  name: string
  /** Calls at the same time. */
  maxConcurrent: number
  /** Calls that may wait for a place; 0 when absent: refused at once. */
  maxQueued?: number
  /** How long a call waits for a place, in ms; when absent, until there is one. */
  queueTimeoutMs?: number
}

export interface BulkheadReport {
  maxConcurrent: number
  maxQueued: number
  queueTimeoutMs?: number
  active: number
  queued: number
  /** Since the start: refused because the queue was full, and because no place became free in time. */
  rejected: number
  timedOut: number
}

export interface BulkheadLimits {
  maxConcurrent?: number
  maxQueued?: number
}

/** Bounds the calls at the same time, so that a slow dependency cannot take all of a process. */
export interface Bulkhead extends Execution {
  /** Other limits from now on; calls that run or wait are not affected. */
  setLimits(limits: BulkheadLimits): void
  report(): BulkheadReport
}

/** Throws PolicyOptionsError for limits that are not whole numbers. A call that gets no place rejects with BulkheadFullError. */
export function createBulkhead({ name, queueTimeoutMs, ...options }: BulkheadOptions): Bulkhead {
  const checked = ({ maxConcurrent, maxQueued }: Required<BulkheadLimits>) => ({
    maxConcurrent: wholeNumber(name, 'maxConcurrent', maxConcurrent, 1),
    maxQueued: wholeNumber(name, 'maxQueued', maxQueued, 0),
  })
  let limits = checked({ maxConcurrent: options.maxConcurrent, maxQueued: options.maxQueued ?? 0 })
  const places = new Places(limits.maxConcurrent)
  let rejected = 0
  let timedOut = 0

  async function takePlace(signal: AbortSignal | undefined): Promise<void> {
    if (!places.free && places.waiting >= limits.maxQueued) {
      rejected++
      throw new BulkheadFullError(name, limits)
    }
    if (places.free || queueTimeoutMs === undefined) return places.take(signal)
    const late = AbortSignal.timeout(queueTimeoutMs)
    try {
      await places.take(signal ? AbortSignal.any([signal, late]) : late)
    } catch (error) {
      if (signal?.aborted || !late.aborted) throw error
      timedOut++
      throw new BulkheadFullError(name, { ...limits, waitedMs: queueTimeoutMs })
    }
  }

  return {
    async execute(call, { signal } = {}) {
      await takePlace(signal)
      try {
        return await call({ signal: signal ?? UNLIMITED })
      } finally {
        places.leave()
      }
    },
    setLimits(next) {
      limits = checked({ ...limits, ...next })
      places.setLimit(limits.maxConcurrent)
    },
    report: () => ({
      ...limits,
      ...(queueTimeoutMs === undefined ? {} : { queueTimeoutMs }),
      active: places.taken,
      queued: places.waiting,
      rejected,
      timedOut,
    }),
  }
}

const UNLIMITED = new AbortController().signal

function wholeNumber(name: string, what: string, value: number, least: number): number {
  if (!Number.isSafeInteger(value) || value < least)
    throw new PolicyOptionsError(`${name}: ${what} must be a whole number, ${least} or more, got ${value}`)
  return value
}
