import { type Clock, systemClock } from '../../core/clock.ts'
import { type Health, HealthCheckExistsError, type HealthReport, type HealthStatus } from './port.ts'
import { type Probe, probe } from './probe.ts'

const HEARTBEAT_MS = 1000

export interface HealthOptions {
  /** Interval of background runs, when `start` gets none. Default 5 s. */
  intervalMs?: number
  /** An event loop blocked for this long makes the process not alive. Default 30 s. */
  stuckAfterMs?: number
  clock?: Clock
}

/** The health of this process. */
export function createHealth(options: HealthOptions = {}): Health {
  const { intervalMs: defaultIntervalMs = 5000, stuckAfterMs = 30_000, clock = systemClock } = options
  const probes = new Map<string, Probe>()
  const listeners = new Set<(report: HealthReport, before: HealthStatus) => void>()
  let revision = 0
  let runner: NodeJS.Timeout | undefined
  let heartbeat: NodeJS.Timeout | undefined
  let beatAt: number | undefined
  let stoodStillMs = 0

  function changed(report: HealthReport, before: HealthStatus) {
    revision += 1
    for (const listener of listeners) {
      try {
        listener(report, before)
      } catch {
        // An error of one listener must affect neither the others nor the check.
      }
    }
  }

  const reports = () => [...probes.values()].map(each => each.report())
  const refresh = (chosen: Iterable<Probe>) => Promise.all([...chosen].map(each => each.refresh()))

  function beat() {
    const now = clock.monotonic()
    // The delay of this timer is how long nothing else could run.
    stoodStillMs = beatAt === undefined ? 0 : Math.max(0, now - beatAt - HEARTBEAT_MS)
    beatAt = now
  }

  const health: Health = {
    phase: 'starting',
    register(check) {
      if (probes.has(check.name)) throw new HealthCheckExistsError(`There is already a health check ${check.name}`)
      const added = probe(check, changed, clock)
      probes.set(check.name, added)
      revision += 1
      return () => {
        if (probes.get(check.name) !== added) return
        probes.delete(check.name)
        revision += 1
        added.abort()
        check.close?.()
      }
    },
    check: () => refresh(probes.values()),
    reports,
    status: () => worst(reports()),
    get revision() {
      return revision
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async readiness() {
      if (health.phase === 'starting') return { ready: false, reasons: ['The process is starting'] }
      if (health.phase === 'stopping') return { ready: false, reasons: ['The process is shutting down'] }
      const critical = await refresh([...probes.values()].filter(each => each.check.critical))
      const reasons = critical
        .filter(unusable)
        .map(({ name, status, message }) => `${name} is ${message ? `${status}: ${message}` : status}`)
      return { ready: reasons.length === 0, reasons }
    },
    liveness() {
      const silentMs = beatAt === undefined ? 0 : clock.monotonic() - beatAt
      const stillMs = Math.max(stoodStillMs, silentMs)
      if (stillMs < stuckAfterMs) return { alive: true }
      return { alive: false, reason: `The event loop was blocked for ${Math.round(stillMs / 1000)} s` }
    },
    start(intervalMs = defaultIntervalMs) {
      clearInterval(runner)
      runner = setInterval(() => void health.check(), intervalMs).unref()
      heartbeat ??= setInterval(beat, HEARTBEAT_MS).unref()
      beat()
      void health.check()
    },
    stop() {
      clearInterval(runner)
      clearInterval(heartbeat)
      runner = undefined
      heartbeat = undefined
      beatAt = undefined
      stoodStillMs = 0
      for (const each of probes.values()) {
        each.abort()
        each.check.close?.()
      }
    },
  }
  return health
}

const unusable = ({ status }: HealthReport) => status === 'down' || status === 'unknown'

function worst(reports: HealthReport[]): HealthStatus {
  if (reports.some(report => report.critical && report.status === 'down')) return 'down'
  if (reports.some(report => report.critical && report.status === 'unknown')) return 'unknown'
  if (reports.some(report => report.status === 'down' || report.status === 'degraded')) return 'degraded'
  return reports.some(report => report.status === 'unknown') ? 'unknown' : 'up'
}
