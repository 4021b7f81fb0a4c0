import { InfrastructureError } from '../../core/errors.ts'

export type BreakerState = 'closed' | 'open' | 'half-open'
/** The states an operator can force. `shadow` counts and computes, but lets every call through. */
export type ForcedState = 'open' | 'closed' | 'shadow'

/**
 * When a breaker opens. Durations in ms, thresholds as a share from 0 to 1. Below its minimum of calls no share of
 * failures opens it, so that two failed calls at night do not. Everything is counted in this one process.
 */
export type BreakerPolicy =
  /** After so many failures in a row. Suits a dependency with few calls. */
  | { kind: 'consecutive'; failures: number }
  /** When more than the threshold of the last `size` calls failed, from `minimumCalls` on; default: `size`. */
  | { kind: 'count'; threshold: number; size: number; minimumCalls?: number }
  /**
   * When more than the threshold of the calls within `durationMs` failed, from `minimumRps` calls a second on; 0: from
   * the first. Default: as many as make 10 calls within `durationMs`. (cockatiel's default, 5 / threshold a second, would
   * leave a service of four calls a second without a breaker; opossum has none; resilience4j and Polly require 100 calls.)
   */
  | { kind: 'sampling'; threshold: number; durationMs: number; minimumRps?: number }

export interface BreakerOptions {
  /** Unique in the process, e.g. the dependency's name: `payments-api`. */
  name: string
  policy: BreakerPolicy
  /** How long an open breaker waits before it lets one probe through. */
  halfOpenAfterMs: number
  /** A call that takes longer counts as failed and rejects with TimeoutError; the timeout is always inside the breaker. */
  timeoutMs?: number
  /** A call slower than this (ms) counts as slow. With it every call is timed; without it, at high rates, a sample. */
  slowCallMs?: number
  /** Slow calls that succeed count as failures of the window, and a slow probe opens again. Their values are returned. */
  slowCallsFail?: boolean
  /** Errors that say nothing about the dependency's health (a 404, a declined card): passed on, counted as `ignored`. */
  isExpected?: (error: unknown) => boolean
  /** The same as a list: classes of errors, values of their `code`, or tests. One that matches is enough. */
  expected?: readonly ExpectedError[]
  /** Whether an open state survives a restart; needs the registry's `store`. */
  keepState?: boolean
  /** The team that owns it, and its runbook (a URL). Shown in the console. */
  owner?: string
  runbook?: string
}

export type ErrorClass = abstract new (...args: never[]) => Error
export type ExpectedError = ErrorClass | string | ((error: unknown) => boolean)

export interface ForceOptions {
  /** Identity of the override; a newer force replaces an older one, `release` of another id is refused. */
  id: string
  state: ForcedState
  reason: string
  by: string
  /** Time until it expires, on the monotonic clock; absent means until released. */
  remainingMs?: number
}

/** What of a breaker's policy can be changed while it runs. */
export interface BreakerRules {
  policy: BreakerPolicy
  halfOpenAfterMs: number
  timeoutMs?: number
}

/** Other rules for a while: what is absent stays as declared. */
export interface PolicyChange extends Partial<BreakerRules> {
  /** Identity of the override; a newer change replaces an older one, `restorePolicy` of another id is refused. */
  id: string
  reason: string
  by: string
  /** Time until it expires, on the monotonic clock; absent means until restored. */
  remainingMs?: number
}

/** Failures of one class of errors. */
export interface FailureClass {
  /** The error's name; for a thrown value that is no error, its type. */
  name: string
  code?: string
  count: number
  /** The latest message, and when it came: at most 200 characters, fewer when thousands of breakers have messages. */
  message: string
  at: number
}

/** The last minute of one breaker in one process, in slices of ten seconds: the oldest is dropped as a whole. */
export interface BreakerStats {
  windowMs: number
  /** Calls made and completed. Rejected ones were not made. */
  calls: number
  failures: number
  /** Of the failures, those by timeout. */
  timeouts: number
  rejected: number
  /** Of the calls, those with an expected error or given up by their caller. */
  ignored: number
  /** Of the calls, those slower than `slowCallMs`. */
  slow: number
  /** Percentiles from exponential buckets (0.5 ms to 65 s, doubling); at high rates of a sample. Absent without calls. */
  latencyMs?: { p50: number; p95: number; p99: number }
  /** At most eight classes, the most frequent first; failures of others are counted in `otherFailures`. */
  failureClasses: FailureClass[]
  otherFailures: number
}

/** What a breaker of another library cannot do. */
export type UnsupportedAct = 'force-closed' | 'shadow' | 'reset' | 'change-policy'

/** The report of one breaker in one process. Times are ms since the epoch; counts are of this process. */
export interface BreakerReport {
  name: string
  owner?: string
  runbook?: string
  /** The rules in force; while they are overridden, `policyOverride` has the declared ones. */
  policy: BreakerPolicy
  halfOpenAfterMs: number
  timeoutMs?: number
  policyOverride?: { id: string; reason: string; by: string; since: number; until?: number; declared: BreakerRules }
  slowCallMs?: number
  slowCallsFail?: boolean
  /** The state that follows from the calls; frozen while forced, since `frozenSince`. */
  computed: { state: BreakerState; since: number; frozenSince?: number }
  forced?: { id: string; state: ForcedState; reason: string; by: string; since: number; until?: number }
  /** The state for the next call. */
  effective: BreakerState
  /** Calls and failures inside the policy's window: what is measured against the threshold. */
  window: { calls: number; failures: number }
  /** While not closed: when the threshold was passed, and the counts of the window then. Failed probes do not count. */
  tripped?: { at: number; calls: number; failures: number }
  /** Since the process started. */
  totals: { successes: number; failures: number; timeouts: number; rejected: number; ignored: number; opened: number }
  lastFailure?: { at: number; message: string }
  /** When an open breaker lets a probe through; a time in the past means that the next call is the probe. */
  probeAt?: number
  /** The last minute; absent before the first call. */
  stats?: BreakerStats
  /** What would be refused with UnsupportedError now. */
  unsupported?: UnsupportedAct[]
}

export interface BreakerTransition {
  breaker: string
  at: number
  from: BreakerState
  to: BreakerState
  cause:
    | 'threshold'
    | 'probe'
    | 'probe-succeeded'
    | 'probe-failed'
    | 'forced'
    | 'released'
    | 'expired'
    | 'reset'
    /** Open since before a restart, as its store has it. */
    | 'restored'
  /** The failure that caused it, if one did. */
  message?: string
}

/** The argument of a guarded call: a signal that aborts at its timeout or when its caller aborts. */
export interface CallContext {
  readonly signal: AbortSignal
}

/** Runs a call under a rule. A Breaker is one, too. */
export interface Execution {
  execute<T>(call: (context: CallContext) => Promise<T> | T, options?: { signal?: AbortSignal }): Promise<T>
}

export interface Breaker extends Execution {
  readonly name: string
  /** Effective state: the state for the next call. */
  readonly state: BreakerState
  /** Runs the call, or rejects with BreakerOpenError without calling when the breaker is open. */
  execute<T>(call: (context: CallContext) => Promise<T> | T, options?: { signal?: AbortSignal }): Promise<T>
  force(options: ForceOptions): void
  /** Ends a forced state. With an id, only that one: false when another, or none, is in force. */
  release(id?: string): boolean
  /** Closes the computed state and clears the window; a forced state stays. */
  reset(): void
  /**
   * Puts other rules in force until restored or expired. The window starts again; the state stays, an open breaker is
   * not closed by it. Invalid rules are refused with BreakerOptionsError and change nothing.
   */
  changePolicy(change: PolicyChange): void
  /** Puts the declared rules in force. With an id, only that change: false when another, or none, is in force. */
  restorePolicy(id?: string): boolean
  report(): BreakerReport
}

/** A breaker of another library; with `onTransition` the registry passes its transitions on, without it they are visible in reports only. */
export interface AdoptedBreaker extends Breaker {
  onTransition?(listener: (transition: BreakerTransition) => void): () => void
}

export interface BreakerRegistry {
  /** Creates a breaker, or returns the one of that name; throws BreakerExistsError if its options differ. */
  create(options: BreakerOptions): Breaker
  get(name: string): Breaker | undefined
  list(): Breaker[]
  /** Adds a breaker of another library (see `bring your own`); throws BreakerExistsError if the name is taken. */
  adopt(breaker: AdoptedBreaker): void
  reports(): BreakerReport[]
  /** Resolves once every breaker with `keepState` has the state of the store. Calls made before find it closed. */
  restored(): Promise<void>
  /** Grows whenever any report changes. */
  readonly revision: number
  onTransition(listener: (transition: BreakerTransition) => void): () => void
}

/** Where the open states of a process' breakers survive its restart. A breaker's state is a text of a few hundred bytes. */
export interface BreakerStore {
  read(name: string): Promise<string | undefined>
  write(name: string, state: string): Promise<void>
}

/** The breaker is open (or forced open): the call was not made. */
export class BreakerOpenError extends InfrastructureError {
  override readonly code = 'BREAKER_OPEN'
  readonly breaker: string
  constructor(breaker: string, options: { retryAfterMs?: number; forced?: boolean } = {}) {
    super(`${breaker} is not called: its breaker is ${options.forced ? 'forced ' : ''}open`, { retryable: true })
    this.breaker = breaker
    this.retryAfterMs = options.retryAfterMs
  }
  readonly retryAfterMs: number | undefined
}

/** The call took longer than its budget. */
export class TimeoutError extends InfrastructureError {
  override readonly code = 'TIMEOUT'
  constructor(what: string, ms: number) {
    super(`${what} took longer than ${ms} ms`, { retryable: true })
  }
}

/** A breaker of that name exists with other options. */
export class BreakerExistsError extends InfrastructureError {
  override readonly code = 'BREAKER_EXISTS'
}

/** A verb that this breaker's library does not support; nothing was changed. */
export class UnsupportedError extends InfrastructureError {
  override readonly code = 'UNSUPPORTED'
}

/** Invalid thresholds or durations. */
export class BreakerOptionsError extends InfrastructureError {
  override readonly code = 'BREAKER_OPTIONS'
}
