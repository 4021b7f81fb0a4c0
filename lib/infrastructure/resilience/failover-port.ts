import type { Clock } from '../../core/clock.ts'
import { InfrastructureError, messageOf } from '../../core/errors.ts'
import type { HoldOptions } from './hold.ts'
import type { Policy } from './policy.ts'
import type { BreakerStats } from './port.ts'

/** One of the providers behind a port, with the policy (a breaker of its own) that its calls run under. */
export interface Provider<Port> {
  /** Unique in its set: `sendgrid`. */
  name: string
  port: Port
  policy: Policy
  /** What the provider has said of its own limit, with its last answer. */
  quota?(): ProviderQuota | undefined
}

/** What is left of a provider's own limit, as it tells it. */
export interface ProviderQuota {
  limit?: number
  remaining: number
  /** When it is whole again (ms since the epoch). */
  resetsAt?: number
}

export interface FailoverOptions<Port> {
  /** What the providers stand for: `email`. */
  name: string
  /** In the order in which they are tried. At least one. */
  providers: readonly Provider<Port>[]
  /**
   * Whether a failure is the provider's, so that another one may succeed; a message that is refused as malformed would be refused by all.
   * By default that of an InfrastructureError with `retryable`.
   */
  isProvidersFault?: (error: unknown) => boolean
  /**
   * Whether a failed call has certainly had no effect, so that it may be made elsewhere without an idempotency key. Calls that
   * were refused here (an open breaker, a full bulkhead) always have; by default nothing else has, except what could not connect.
   */
  hadNoEffect?: (error: unknown) => boolean
  /** How a test is sent to an address, so that an operator can see a provider work. Resolves with the id that the provider gave it. */
  sendTest?: (port: Port, to: string, context: FailoverContext) => Promise<string>
  clock?: Clock
}

export interface FailoverCall {
  signal?: AbortSignal
  /** The same for every provider. With it, a call whose outcome is not known is made elsewhere too: the caller answers for the key being honoured there. */
  idempotencyKey?: string
}

/** What a call of a provider is made with. */
export interface FailoverContext {
  signal: AbortSignal
  provider: string
  idempotencyKey?: string
}

export interface ProviderReport {
  name: string
  /** State of its breaker; absent without one. */
  breaker?: 'closed' | 'open' | 'half-open'
  calls: number
  failures: number
  lastFailure?: { at: number; message: string }
  /** Its calls of the last minute, whoever made them; absent without a breaker and before the first call. */
  lastMinute?: BreakerStats
  quota?: ProviderQuota
}

/** The report of one set of providers in one process. Times are ms since the epoch. */
export interface FailoverReport {
  name: string
  /** In their order. */
  providers: ProviderReport[]
  /** The provider that served last, since when, and why it is not the first; absent before the first call. */
  inUse?: { provider: string; since: number; why?: string }
  forced?: { provider: string; id: string; reason: string; by: string; since: number; until?: number }
  /** Calls that another provider than the first tried has served, and those that were not made elsewhere because they may have had their effect. */
  failedOver: number
  heldBack: number
  /** A test can be sent. */
  testable?: true
}

export interface FailoverChange {
  name: string
  at: number
  from?: string
  to: string
  cause: 'first' | 'failed-over' | 'came-back' | 'forced' | 'released' | 'expired'
  message?: string
}

/** All providers have failed, or the one that an operator has chosen. `cause` is the last failure, `failures` has each. */
export class AllProvidersFailedError extends InfrastructureError {
  override readonly code = 'ALL_PROVIDERS_FAILED'
  readonly failures: readonly { provider: string; error: unknown }[]
  constructor(name: string, failures: readonly { provider: string; error: unknown }[]) {
    const said = failures.map(({ provider, error }) => `${provider}: ${messageOf(error)}`).join('; ')
    super(`No provider of ${name} took the call (${said})`, { retryable: true, cause: failures.at(-1)?.error })
    this.failures = failures
  }
}

export interface Failover<Port> {
  readonly name: string
  /**
   * Makes a call with the first provider that takes it. Goes on to the next only when the failure is the provider's and the call is known to have had no
   * effect, or carries an idempotency key. Rejects with the provider's own error where it does not go on, with AllProvidersFailedError
   * where there is none left. A provider whose breaker has closed again is used again on its own.
   */
  run<T>(call: (port: Port, context: FailoverContext) => Promise<T>, options?: FailoverCall): Promise<T>
  /** Uses this provider and no other until released or expired. Throws RangeError for one that is not in the set. */
  force(options: HoldOptions & { provider: string }): void
  release(id?: string): boolean
  /**
   * Sends a test with this provider and no other, whichever is in use or forced; its policy holds for it. Resolves with the provider's id of it. Throws
   * RangeError for a provider that is not in the set, and where the set has no `sendTest`.
   */
  sendTest(options: { provider: string; to: string } & FailoverCall): Promise<string>
  report(): FailoverReport
  /** Grows whenever the report changes. */
  readonly revision: number
  onChange(listener: (change: FailoverChange) => void): () => void
  close(): void
}
