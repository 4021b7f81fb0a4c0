import { type Clock, systemClock } from '../../core/clock.ts'
import { messageOf } from '../../core/errors.ts'
import { maskUrl } from '../config/index.ts'
import type { HealthCheck, HealthReport, HealthResult, HealthStatus } from './port.ts'

const DEFAULT_TIMEOUT_MS = 2000
const DEFAULT_CACHE_MS = 1000
/** While a run that ignored its abort still goes on, no other is started for this many timeouts. */
const HUNG_TIMEOUTS = 10

/** One check with its last result: cached, single-flight, bounded in time. */
export interface Probe {
  readonly check: HealthCheck
  report(): HealthReport
  /** Runs if the last result is too old, or joins the run under way. Never rejects. */
  refresh(): Promise<HealthReport>
  abort(): void
}

export function probe(
  check: HealthCheck,
  changed: (report: HealthReport, before: HealthStatus) => void,
  clock: Clock = systemClock,
): Probe {
  const { timeoutMs = DEFAULT_TIMEOUT_MS, cacheMs = DEFAULT_CACHE_MS } = check
  const { name, group, critical = false, owner, runbook } = check
  let last: HealthReport = { name, group, critical, status: 'unknown', since: clock.now(), owner, runbook }
  let ranAt: number | undefined
  let flight: Promise<HealthReport> | undefined
  let controller: AbortController | undefined
  /** When the oldest run that has not ended began (monotonic). */
  let hungSince: number | undefined

  function record(result: HealthResult, latencyMs: number): HealthReport {
    const before = last
    const { status, details } = result
    const message = result.message === undefined ? undefined : maskUrl(result.message)
    last = {
      ...{ name, group, critical, owner, runbook, status, message, details },
      latencyMs: Math.round(latencyMs * 100) / 100,
      at: clock.now(),
      since: before.status === status ? before.since : clock.now(),
      nextStep: status === 'up' ? undefined : check.nextStep,
    }
    ranAt = clock.monotonic()
    if (before.status !== status || before.message !== message) changed(last, before.status)
    return last
  }

  async function run(): Promise<HealthReport> {
    const began = clock.monotonic()
    const took = () => clock.monotonic() - began
    const timedOut: HealthResult = { status: 'down', message: `timed out after ${timeoutMs} ms` }
    if (hungSince !== undefined && began - hungSince < timeoutMs * HUNG_TIMEOUTS) return record(timedOut, timeoutMs)
    const own = new AbortController()
    controller = own
    hungSince = began
    const answer = (async () => check.run(own.signal))()
    const settled = answer.then(
      result => result ?? ({ status: 'up' } as const),
      (error: unknown): HealthResult => ({ status: 'down', message: messageOf(error) }),
    )
    // A run that ends after its timeout allows the next one.
    void settled.then(() => {
      if (hungSince === began) hungSince = undefined
    })
    let timer: NodeJS.Timeout | undefined
    const deadline = new Promise<HealthResult | 'aborted'>(resolve => {
      timer = setTimeout(() => resolve(timedOut), timeoutMs)
      own.signal.addEventListener('abort', () => resolve('aborted'))
    })
    const result = await Promise.race([settled, deadline])
    clearTimeout(timer)
    // Aborted from outside: we are shutting down, and the last result stays.
    if (result === 'aborted') return last
    if (result === timedOut) own.abort(new Error(timedOut.message))
    return record(result, took())
  }

  return {
    check,
    report: () => last,
    refresh() {
      if (flight) return flight
      if (ranAt !== undefined && clock.monotonic() - ranAt < cacheMs) return Promise.resolve(last)
      flight = run().finally(() => {
        flight = undefined
      })
      return flight
    },
    abort: () => controller?.abort(new Error('health checks are stopping')),
  }
}
