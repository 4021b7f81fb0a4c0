import type { BreakerPolicy } from './port.ts'

/** The recent outcomes that a breaker's policy evaluates. */
export interface FailureWindow {
  success(): void
  /** Records a failure; true when it is the one that passes the threshold. */
  failure(): boolean
  /** What is compared with the threshold: calls and failures of this process inside the window. */
  counts(): { calls: number; failures: number }
  clear(): void
}

/** Opens the window of a policy, and says the policy with its defaults. Throws BreakerOptionsError for an impossible one. */
export type OpenWindow = (policy: BreakerPolicy) => { policy: BreakerPolicy; window: FailureWindow }
