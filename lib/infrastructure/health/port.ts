import { InfrastructureError } from '../../core/errors.ts'

/** `unknown`: has not run yet. `degraded`: works, but not as it should. */
export type HealthStatus = 'up' | 'degraded' | 'down' | 'unknown'

/** The result of a check. `message` should not change from run to run; figures belong into `details`. */
export interface HealthResult {
  status: Exclude<HealthStatus, 'unknown'>
  message?: string
  details?: Readonly<Record<string, string | number | boolean>>
}

/** Options of every check. */
export interface HealthCheckOptions {
  /** Unique in the process: `orders-db`. */
  name: string
  /** Checks of one group are listed together: `database`, `runtime`. */
  group?: string
  /** Whether the process is not ready while this check is down. */
  critical?: boolean
  /** A run that takes longer counts as down. Default 2 s. */
  timeoutMs?: number
  /** For how long a result is reused instead of running again. Default 1 s. */
  cacheMs?: number
  /** The team that owns it, and its runbook (a URL). */
  owner?: string
  runbook?: string
  /** What to try when it is not up, as a plain sentence. */
  nextStep?: string
}

export interface HealthCheck extends HealthCheckOptions {
  /** Undefined means up; a rejection means down with its message. The signal aborts at the timeout. */
  run(signal: AbortSignal): Promise<HealthResult | undefined> | HealthResult | undefined | Promise<void>
  /** Releases what `run` opened; a later run may open it again. */
  close?(): void
}

/** The last known result of one check. Times are ms since the epoch. */
export interface HealthReport {
  name: string
  group?: string
  critical: boolean
  status: HealthStatus
  latencyMs?: number
  /** When it last ran; absent before the first run. */
  at?: number
  /** Since when the status is what it is. */
  since: number
  message?: string
  nextStep?: string
  owner?: string
  runbook?: string
  details?: Readonly<Record<string, string | number | boolean>>
}

/** Whether to send work to this process; `reasons` are plain sentences. */
export interface Readiness {
  ready: boolean
  reasons: string[]
}

/** Whether the process should keep running; `reason` when it should not. */
export interface Liveness {
  alive: boolean
  reason?: string
}

/** The checks of one process. No method rejects because a check failed, hung or threw. */
export interface Health {
  /** Adds a check; returns a function that removes it. Throws HealthCheckExistsError for a name that is taken. */
  register(check: HealthCheck): () => void
  /** Runs the checks whose results are too old, each at most once at a time; resolves within the longest timeout. */
  check(): Promise<HealthReport[]>
  /** Last known results, without running anything. */
  reports(): HealthReport[]
  /** The overall status: down when a critical check is, degraded when any other is not up, unknown before the first run. */
  status(): HealthStatus
  /** Grows when the status or message of any report changes, or a check is added or removed. */
  readonly revision: number
  /** Called after each change of a status or message, with the new report and the status before. */
  onChange(listener: (report: HealthReport, before: HealthStatus) => void): () => void
  /** Ready: `phase` is `serving`, and no critical check is down. Runs the critical checks, through their cache. */
  readiness(): Promise<Readiness>
  /** Not alive when the event loop was blocked for too long; needs `start()`. Answers at once. */
  liveness(): Liveness
  /** `starting` at first; readiness follows it. */
  phase: 'starting' | 'serving' | 'stopping'
  /** Keeps reports fresh in the background. */
  start(intervalMs?: number): void
  /** Ends the background runs, aborts those under way and closes the checks. */
  stop(): void
}

/** Two checks of one process have the same name. */
export class HealthCheckExistsError extends InfrastructureError {
  override readonly code = 'HEALTH_CHECK_EXISTS'
}
