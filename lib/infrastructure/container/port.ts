import { InfrastructureError } from '../../core/errors.ts'

/**
 * `idle`: not started yet. `waiting`: for a part it needs or requires. `down`: failed, and retried in the
 * background. `stopped`: shut down.
 */
export type PartState = 'idle' | 'waiting' | 'starting' | 'up' | 'down' | 'stopping' | 'stopped'

/** The status of one part. Times are ms since the epoch. */
export interface PartStatus {
  name: string
  state: PartState
  since: number
  /** Why it is down or waiting, for people. */
  reason?: string
  /** Attempts to start it so far. */
  attempts: number
  nextAttemptAt?: number
  needs: readonly string[]
}

/** How to create, start and stop one part of the program. */
export interface Part<Parts, Needs extends keyof Parts & string, T> {
  /** Parts that `create` gets. They are created and started before this one; their start may fail. */
  needs?: readonly Needs[]
  /** Parts that must be up before this one starts, e.g. the migrations before the worker. */
  requires?: readonly (keyof Parts & string)[]
  /** Creates the value, once, when it is first needed. Opens nothing that `stop` does not close. */
  create(parts: Pick<Parts, Needs>): T | Promise<T>
  /** Called again after a failure, so it must be repeatable. The signal aborts at the deadline and at shutdown. */
  start?(value: T, signal: AbortSignal): unknown
  /** Called once at shutdown if the value was created, whether or not its start succeeded. The signal aborts at the deadline. */
  stop?(value: T, signal: AbortSignal): unknown
  /** For `create` and `start` together. Default 10 s. */
  startTimeoutMs?: number
  /** Default 5 s, and never more than what is left of the shutdown's own deadline. */
  stopTimeoutMs?: number
  /** Skipped by `start()`; created and started when it is first requested or needed. */
  lazy?: boolean
}

/** The outcome of a shutdown. */
export interface StopReport {
  durationMs: number
  /** Names in the order in which they stopped. */
  stopped: string[]
  failed: { name: string; reason: string }[]
}

/**
 * The parts of one program: created lazily, started in order of need, stopped in the reverse order. A part may only need
 * those added before it, so there are no cycles.
 */
export interface Container<Parts extends object> {
  /** Adds a part. Throws PartExistsError for a name that is taken, PartMissingError for a need that was not added. */
  add<const Name extends string, T, const Needs extends keyof Parts & string = never>(
    name: Name,
    part: Part<Parts, Needs, T>,
  ): Container<Parts & Record<Name, T>>
  /**
   * The part's value, created and started if it was not yet. A value whose start failed is returned too: it reports
   * down and is retried. Rejects with PartDownError when it cannot be created, or the container has stopped.
   */
  get<Name extends keyof Parts & string>(name: Name): Promise<Parts[Name]>
  /** Starts all parts that are not lazy. Resolves after the first attempt of each; never rejects for a part that failed. */
  start(): Promise<PartStatus[]>
  /** Stops what was created, dependants first. Resolves after `deadlineMs` (default 15 s) at the latest; further calls return the same promise. */
  stop(options?: { deadlineMs?: number }): Promise<StopReport>
  status(): PartStatus[]
  onChange(listener: (status: PartStatus) => void): () => void
}

/** Two parts have the same name. */
export class PartExistsError extends InfrastructureError {
  override readonly code = 'PART_EXISTS'
}
/** A part needs another that was not added before it. */
export class PartMissingError extends InfrastructureError {
  override readonly code = 'PART_MISSING'
}
/** The part is not available: it could not be created, or the container has stopped. */
export class PartDownError extends InfrastructureError {
  override readonly code = 'PART_DOWN'
}
