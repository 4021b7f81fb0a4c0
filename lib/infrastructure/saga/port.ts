import type { TransactionSql } from 'postgres'
import { InfrastructureError } from '../../core/errors.ts'

/** How often a step or its compensation is tried, and how long is waited between. The wait doubles, with jitter; an error with `retryAfterMs` is not tried before that. */
export interface StepRetry {
  /** With the first: 3 for a step, 10 for a compensation, when absent. */
  attempts?: number
  /** 1,000 ms when absent. */
  initialDelayMs?: number
  /** 60,000 ms when absent. */
  maxDelayMs?: number
  /** When absent: all but StepRefusedError, and errors of the library that say that trying again does not help. */
  isRetryable?(error: unknown): boolean
}

interface AttemptContext {
  readonly sagaId: string
  /** The same in each attempt, another one in the compensation: for services that take an idempotency key. */
  readonly idempotencyKey: string
  /** From 1. More than 1: an earlier attempt failed, or its process crashed, and its effect is not known. */
  readonly attempt: number
  /** Aborts at the step's timeout, and when another process may have taken over. */
  readonly signal: AbortSignal
  /** Of a transactional step, where sagas are in Postgres: what is written in it is kept exactly if the step is noted as done. */
  readonly in?: TransactionSql
}

export interface StepContext<Input, Results> extends AttemptContext {
  readonly input: Input
  /** What the steps before resolved with, by their names. */
  readonly results: Results
}

export interface CompensationContext<Input, Results, Result> extends AttemptContext {
  readonly input: Input
  readonly results: Results
  /** What the step resolved with; absent when it failed, and whether it had an effect is not known. */
  readonly result?: Result
}

export interface StepOptions<Input, Results, Result> {
  /** What it resolves with is kept as JSON. It may run again after a crash or an error. */
  run(context: StepContext<Input, Results>): Promise<Result> | Result
  /**
   * Takes back what the step did. It is called too when the step failed in the end, since a call that timed out may have had its effect, and may be
   * called again: it must do nothing where there is nothing to take back.
   */
  compensate?(context: CompensationContext<Input, Results, Result>): unknown
  /** Runs in the transaction that notes it as done, compensation included: for steps that write to the service's own database. */
  transactional?: boolean
  /** Once it is done the saga only goes forward: what fails after it waits for a person instead of being compensated. */
  pivot?: boolean
  /** Of an attempt (ms). No limit when absent. */
  timeoutMs?: number
  retry?: StepRetry
  compensationRetry?: StepRetry
}

/** As kept and shown: an input or a result is not part of it. Times are ms since the epoch. */
export interface StepRecord {
  name: string
  /** `failed`: its attempts are used up. `running` and `compensating` include the wait for the next attempt. */
  state: 'pending' | 'running' | 'done' | 'failed' | 'compensating' | 'compensated' | 'compensation-failed'
  attempts: number
  compensationAttempts?: number
  startedAt?: number
  endedAt?: number
  /** Of the last attempt that failed. */
  error?: string
  compensates: boolean
  pivot?: boolean
}

/**
 * `failed` waits for a person: a step failed after the pivot (or with `onFailure: 'wait'`), or a compensation did. `running` and `compensating`
 * include the wait for the next attempt, until `nextAt`.
 */
export type SagaState = 'running' | 'completed' | 'compensating' | 'compensated' | 'failed'

export interface SagaAct {
  act: 'retry' | 'compensate'
  at: number
  by?: string
  reason?: string
}

/** One saga that was started. */
export interface SagaRun {
  id: string
  saga: string
  key?: string
  state: SagaState
  startedAt: number
  endedAt?: number
  /** When its next attempt is due; in the past: it waits for a process. */
  nextAt?: number
  /** A process is working on it. */
  held: boolean
  steps: StepRecord[]
  /** Why it is compensated, or waits. */
  error?: { step: string; message: string; at: number; during: 'step' | 'compensation' }
  /** What people did to it. */
  acts: SagaAct[]
  /** An act that is not carried out yet. */
  asked?: SagaAct
}

export interface StartOptions {
  /** A second start of the saga with the same key answers the first one's id, and starts nothing. */
  key?: string
  /** A transaction on the same database: it is started exactly if that commits. */
  in?: TransactionSql
}

/** One kind of saga, in this process. */
export interface Saga<Input> {
  readonly name: string
  start(input: Input, options?: StartOptions): Promise<{ id: string; started: boolean }>
}

export interface ListOptions {
  saga?: string
  state?: SagaState
  /** 50 when absent. */
  limit?: number
  /** Those that were started before this one. */
  before?: string
}

export interface WorkOptions {
  /** At once in this process; 10 when absent. */
  concurrency?: number
  /** How often is looked for what other processes started or left (ms); 1,000 when absent. */
  pollMs?: number
  /** A process that has not shown for this long that it is alive counts as crashed, and another takes over its sagas (ms); 30,000 when absent. */
  leaseMs?: number
}

export interface SagaCounts {
  running: number
  compensating: number
  failed: number
  /** Of the last 24 hours. */
  completed: number
  compensated: number
  /** Since when something is due that no process has taken. */
  waitingSince?: number
}

export interface SagaReport {
  name: string
  /** Kept in Postgres, for all processes of the service; otherwise of this process alone. */
  shared: boolean
  /** This process carries sagas out. */
  works: boolean
  steps: { name: string; compensates: boolean; pivot?: boolean }[]
  /** As of the last reading. */
  at?: number
  counts?: SagaCounts
  /** Why they are not known. */
  unknownBecause?: string
  /** The newest that wait for a person. */
  failed: SagaRun[]
}

/** The sagas of one process. Rejects with SagaError. */
export interface Sagas {
  define<Input>(definition: SagaDefinition<Input>): Saga<Input>
  /** Carries out what is due, also what other processes left behind. */
  work(options?: WorkOptions): void
  find(id: string): Promise<SagaRun | undefined>
  /** The newest first. */
  list(options?: ListOptions): Promise<SagaRun[]>
  /** Resolves once it is completed, compensated, or waits for a person. */
  settled(id: string, options?: { signal?: AbortSignal }): Promise<SagaRun>
  /** Tries again what failed or waits for its next attempt. `SAGA_STATE` for one that goes on or has ended. */
  retry(id: string, options?: { by?: string; reason?: string }): Promise<void>
  /** Takes back what was done, after the step under way. `SAGA_STATE` for one that has ended, or is being compensated. */
  compensate(id: string, options?: { by?: string; reason?: string }): Promise<void>
  /** Removes those that ended longer ago than this (ms), at most `limit` (10,000). */
  removeEnded(olderThanMs: number, options?: { limit?: number }): Promise<number>
  reports(): SagaReport[]
  readonly revision: number
  /** Takes no more, waits `timeoutMs` (10,000) for the steps under way, then aborts them: another process takes the sagas over. */
  close(options?: { timeoutMs?: number }): Promise<void>
}

/** What a saga does: made by `saga(name).step(…)`. */
export interface SagaDefinition<Input> {
  readonly name: string
  /** `wait`: a step that fails waits for a person, who retries or compensates. `compensate` when absent. */
  readonly onFailure?: 'compensate' | 'wait'
  // biome-ignore lint/suspicious/noExplicitAny: each step knows the results of those before it, which no list can say.
  readonly steps: readonly ({ name: string } & StepOptions<Input, any, any>)[]
}

/**
 * `OPTIONS` a definition or an input is not valid; `UNKNOWN` there is no such saga; `STATE` that act does not fit its state; `LOST` another process
 * has taken over; `UNREACHABLE` the store does not answer; `REFUSED` by it, such as a missing table; `CLOSED`.
 */
export type SagaErrorCode = `SAGA_${'OPTIONS' | 'UNKNOWN' | 'STATE' | 'LOST' | 'UNREACHABLE' | 'REFUSED' | 'CLOSED'}`

export class SagaError extends InfrastructureError {
  override readonly code: SagaErrorCode
  constructor(
    message: string,
    options: { code: SagaErrorCode; retryable?: boolean; nextStep?: string; cause?: unknown },
  ) {
    super(message, options)
    this.code = options.code
  }
}

/** Thrown by a step: trying again does not help, such as when a card is declined. */
export class StepRefusedError extends InfrastructureError {
  override readonly code = 'SAGA_STEP_REFUSED'
}
