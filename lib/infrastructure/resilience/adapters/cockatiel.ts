import {
  CircuitState,
  ConsecutiveBreaker,
  CountBreaker,
  ExponentialBackoff,
  handleWhen,
  retry as retryPolicy,
  SamplingBreaker,
} from 'cockatiel'
import { messageOf } from '../../../core/errors.ts'
import { BreakerOptionsError, type BreakerPolicy, type Execution } from '../port.ts'
import type { FailureWindow } from '../window.ts'

/** Default minimum of calls within a sampling policy's time before it can open. */
const SAMPLING_MINIMUM_CALLS = 10

/** The policy with its default minimum filled in, so that a report shows what is measured. */
export function stated(policy: BreakerPolicy): BreakerPolicy {
  switch (policy.kind) {
    case 'consecutive':
      return policy
    case 'count':
      return { ...policy, minimumCalls: policy.minimumCalls ?? policy.size }
    case 'sampling':
      return { ...policy, minimumRps: policy.minimumRps ?? SAMPLING_MINIMUM_CALLS / (policy.durationMs / 1000) }
  }
}

/** The window of a policy, counted by cockatiel. Throws BreakerOptionsError when cockatiel refuses the thresholds. */
export function failureWindow(policy: BreakerPolicy): FailureWindow {
  try {
    switch (policy.kind) {
      case 'consecutive':
        return consecutiveWindow(policy.failures)
      case 'count':
        return countWindow(policy)
      case 'sampling':
        return samplingWindow(policy)
    }
  } catch (error) {
    throw new BreakerOptionsError(`This breaker policy cannot work: ${messageOf(error)}`, { cause: error })
  }
}

function consecutiveWindow(failures: number): FailureWindow {
  if (!Number.isSafeInteger(failures) || failures < 1)
    throw new RangeError(`failures should be at least 1, got ${failures}`)
  const breaker = new ConsecutiveBreaker(failures)
  return {
    success: () => breaker.success(),
    failure: () => breaker.failure(),
    counts: () => ({ calls: breaker.state, failures: breaker.state }),
    clear: () => breaker.success(),
  }
}

function countWindow(policy: { threshold: number; size: number; minimumCalls?: number }): FailureWindow {
  const { threshold, size, minimumCalls } = policy
  const open = () =>
    new CountBreaker({ threshold, size, ...(minimumCalls === undefined ? {} : { minimumNumberOfCalls: minimumCalls }) })
  let breaker = open()
  return {
    success: () => breaker.success(CircuitState.Closed),
    failure: () => breaker.failure(CircuitState.Closed),
    counts() {
      const { successes, failures } = breaker.state as { successes: number; failures: number }
      return { calls: successes + failures, failures }
    },
    clear() {
      breaker = open()
    },
  }
}

interface SamplingState {
  windows: { startedAt: number; failures: number; successes: number }[]
  currentFailures: number
  currentSuccesses: number
}

/**
 * cockatiel advances its ring by one slice per call, however much time has passed, so under sparse traffic an hour-old
 * failure would still count. Expired slices are emptied before they are evaluated or shown.
 */
function samplingWindow(policy: { threshold: number; durationMs: number; minimumRps?: number }): FailureWindow {
  const { threshold, durationMs, minimumRps = 0 } = policy
  if (!(durationMs >= 5)) throw new RangeError(`durationMs should be at least 5, got ${durationMs}`)
  if (!(minimumRps >= 0)) throw new RangeError(`minimumRps should be 0 or more, got ${minimumRps}`)
  const slices = Math.max(5, Math.ceil(durationMs / 1000))
  // cockatiel multiplies by a rounded duration; with half a call less than configured, it opens at exactly that many.
  const calls = Math.max(1, Math.ceil((minimumRps * durationMs) / 1000 - 1e-6)) - 0.5
  const counted = Math.round(durationMs / slices) * slices
  const open = () => new SamplingBreaker({ threshold, duration: durationMs, minimumRps: (calls * 1000) / counted })
  const sliceMs = durationMs / slices
  let breaker = open()
  let lastFailure = Date.now()

  function living(now: number): SamplingState {
    const state = breaker.state as SamplingState
    for (const slice of state.windows) {
      if (slice.startedAt > now - durationMs) continue
      state.currentFailures -= slice.failures
      state.currentSuccesses -= slice.successes
      slice.failures = 0
      slice.successes = 0
    }
    return state
  }
  return {
    success: () => breaker.success(CircuitState.Closed),
    failure() {
      // Only a failure evaluates the window, so only here must it be exact; under dense failures the ring keeps up on its own.
      const now = Date.now()
      if (now - lastFailure >= 2 * sliceMs) breaker.state = living(now)
      lastFailure = now
      return breaker.failure(CircuitState.Closed)
    },
    counts() {
      const { currentFailures, currentSuccesses } = living(Date.now())
      return { calls: currentSuccesses + currentFailures, failures: currentFailures }
    },
    clear() {
      breaker = open()
    },
  }
}

/** Repeats a call with exponential backoff and decorrelated jitter; see `retry` for what it guarantees. */
export function cockatielRetry(options: {
  attempts: number
  initialDelayMs: number
  maxDelayMs: number
  isRetryable: (error: unknown) => boolean
}): Execution {
  const policy = retryPolicy(handleWhen(options.isRetryable), {
    maxAttempts: options.attempts - 1,
    backoff: new ExponentialBackoff({ initialDelay: options.initialDelayMs, maxDelay: options.maxDelayMs }),
  })
  return {
    execute(call, { signal } = {}) {
      // cockatiel completes its delay and then calls once more, aborted or not.
      const run = policy.execute(context => {
        signal?.throwIfAborted()
        return call(context)
      }, signal)
      return signal === undefined ? run : untilAborted(run, signal)
    },
  }
}

function untilAborted<T>(run: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    run.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
