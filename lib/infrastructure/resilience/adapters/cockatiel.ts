import { CircuitState, ConsecutiveBreaker, CountBreaker } from 'cockatiel'
import { messageOf } from '../../../core/errors.ts'
import { BreakerOptionsError, type BreakerPolicy } from '../port.ts'
import { SamplingWindow } from '../sampling-window.ts'
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

/** The window of a policy. Throws BreakerOptionsError for thresholds that cannot work. */
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
