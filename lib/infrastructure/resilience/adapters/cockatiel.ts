import { CircuitState, ConsecutiveBreaker, CountBreaker, SamplingBreaker } from 'cockatiel'
import { messageOf } from '../../../core/errors.ts'
import { BreakerOptionsError, type BreakerPolicy } from '../port.ts'
import type { FailureWindow } from '../window.ts'

/** Default minimum of calls within a sampling policy's time before it can open. */
const SAMPLING_MINIMUM_CALLS = 10

/** The policy with its default minimum filled in, so that a report shows what is measured. */
export function stated(policy: BreakerPolicy): BreakerPolicy {
  switch (policy.kind) {
    case 'consecutive':
      return policy
    case 'count':
      return policy.minimumCalls === undefined ? { ...policy, minimumCalls: policy.size } : policy
    case 'sampling':
      return policy.minimumRps === undefined
        ? { ...policy, minimumRps: SAMPLING_MINIMUM_CALLS / (policy.durationMs / 1000) }
        : policy
  }
}

/** The window of a policy, counted by cockatiel. Throws BreakerOptionsError when cockatiel refuses the thresholds. */
export function failureWindow(policy: BreakerPolicy): FailureWindow {
  try {
    switch (policy.kind) {
      case 'consecutive':
        return new ConsecutiveWindow(policy.failures)
      case 'count':
        return new CountWindow(policy)
      case 'sampling':
        return new SamplingWindow(policy)
    }
  } catch (error) {
    throw new BreakerOptionsError(`This breaker policy cannot work: ${messageOf(error)}`, { cause: error })
  }
}

/** The windows are classes, since closures for each of thousands of breakers would take more memory than their counts. */
class ConsecutiveWindow implements FailureWindow {
  readonly #breaker: ConsecutiveBreaker

  constructor(failures: number) {
    if (!Number.isSafeInteger(failures) || failures < 1)
      throw new RangeError(`failures should be at least 1, got ${failures}`)
    this.#breaker = new ConsecutiveBreaker(failures)
  }
  success(): void {
    this.#breaker.success()
  }
  failure(): boolean {
    return this.#breaker.failure()
  }
  counts(): { calls: number; failures: number } {
    return { calls: this.#breaker.state, failures: this.#breaker.state }
  }
  clear(): void {
    this.#breaker.success()
  }
}

class CountWindow implements FailureWindow {
  readonly #policy: CountPolicy
  #breaker: CountBreaker

  constructor(policy: CountPolicy) {
    this.#policy = policy
    this.#breaker = openCount(policy)
  }
  success(): void {
    this.#breaker.success(CircuitState.Closed)
  }
  failure(): boolean {
    return this.#breaker.failure(CircuitState.Closed)
  }
  counts(): { calls: number; failures: number } {
    const { successes, failures } = this.#breaker.state as { successes: number; failures: number }
    return { calls: successes + failures, failures }
  }
  clear(): void {
    this.#breaker = openCount(this.#policy)
  }
}

type CountPolicy = Extract<BreakerPolicy, { kind: 'count' }>

function openCount({ threshold, size, minimumCalls }: CountPolicy): CountBreaker {
  return new CountBreaker({
    threshold,
    size,
    ...(minimumCalls === undefined ? {} : { minimumNumberOfCalls: minimumCalls }),
  })
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
class SamplingWindow implements FailureWindow {
  readonly #policy: SamplingPolicy
  #breaker: SamplingBreaker
  #lastFailure = Date.now()

  constructor(policy: SamplingPolicy) {
    const { durationMs, minimumRps = 0 } = policy
    if (!(durationMs >= 5)) throw new RangeError(`durationMs should be at least 5, got ${durationMs}`)
    if (!(minimumRps >= 0)) throw new RangeError(`minimumRps should be 0 or more, got ${minimumRps}`)
    this.#policy = policy
    this.#breaker = openSampling(policy)
  }
  success(): void {
    this.#breaker.success(CircuitState.Closed)
  }
  failure(): boolean {
    // Only a failure evaluates the window, so only here must it be exact; under dense failures the ring keeps up on its own.
    const now = Date.now()
    const { durationMs } = this.#policy
    if (now - this.#lastFailure >= (2 * durationMs) / slicesOf(durationMs)) this.#breaker.state = this.#living(now)
    this.#lastFailure = now
    return this.#breaker.failure(CircuitState.Closed)
  }
  counts(): { calls: number; failures: number } {
    const { currentFailures, currentSuccesses } = this.#living(Date.now())
    return { calls: currentSuccesses + currentFailures, failures: currentFailures }
  }
  clear(): void {
    this.#breaker = openSampling(this.#policy)
  }

  #living(now: number): SamplingState {
    const state = this.#breaker.state as SamplingState
    for (const slice of state.windows) {
      if (slice.startedAt > now - this.#policy.durationMs) continue
      state.currentFailures -= slice.failures
      state.currentSuccesses -= slice.successes
      slice.failures = 0
      slice.successes = 0
    }
    return state
  }
}

type SamplingPolicy = Extract<BreakerPolicy, { kind: 'sampling' }>

/** As cockatiel divides a duration. */
function slicesOf(durationMs: number): number {
  return Math.max(5, Math.ceil(durationMs / 1000))
}

function openSampling({ threshold, durationMs, minimumRps = 0 }: SamplingPolicy): SamplingBreaker {
  const slices = slicesOf(durationMs)
  // cockatiel multiplies by a rounded duration; with half a call less than configured, it opens at exactly that many.
  const calls = Math.max(1, Math.ceil((minimumRps * durationMs) / 1000 - 1e-6)) - 0.5
  const counted = Math.round(durationMs / slices) * slices
  return new SamplingBreaker({ threshold, duration: durationMs, minimumRps: (calls * 1000) / counted })
}
