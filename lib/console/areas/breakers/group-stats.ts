import type { BreakerInstance } from './collect.ts'

/** What one process measured of the last minute; nothing where it does not measure. */
type Measured = Pick<BreakerInstance, 'instance' | 'stats'>

export interface GroupFailureClass {
  name: string
  code?: string
  count: number
  /** The latest message, and where it came from. */
  message: string
  at: number
  instance: string
}

/** The last minute of one dependency, over its living processes. */
export interface GroupStats {
  windowMs: number
  calls: number
  failures: number
  timeouts: number
  rejected: number
  ignored: number
  slow: number
  /** Percentiles are not added up: those of the process whose 95th is the highest. */
  latencyMs?: { p50: number; p95: number; p99: number; instance: string }
  /** The most frequent first. */
  failureClasses: GroupFailureClass[]
  otherFailures: number
  /** Processes that measure, and all that live: those with an older library do not measure. */
  measuring: number
  living: number
}

const MOST_CLASSES = 12

/** Undefined where no process measures. */
export function groupStats(living: readonly Measured[]): GroupStats | undefined {
  const measuring = living.flatMap(({ stats, instance }) => (stats ? [{ ...stats, instance }] : []))
  const first = measuring[0]
  if (!first) return
  const sum = (pick: (one: (typeof measuring)[number]) => number) =>
    measuring.reduce((total, one) => total + pick(one), 0)
  const slowest = measuring
    .flatMap(({ latencyMs, instance }) => (latencyMs ? [{ ...latencyMs, instance }] : []))
    .sort((a, b) => b.p95 - a.p95)[0]
  const classes = mergeClasses(measuring)
  const listed = classes.slice(0, MOST_CLASSES)
  return {
    windowMs: first.windowMs,
    calls: sum(one => one.calls),
    failures: sum(one => one.failures),
    timeouts: sum(one => one.timeouts),
    rejected: sum(one => one.rejected),
    ignored: sum(one => one.ignored),
    slow: sum(one => one.slow),
    ...(slowest ? { latencyMs: slowest } : {}),
    failureClasses: listed,
    otherFailures:
      sum(one => one.otherFailures) + classes.slice(MOST_CLASSES).reduce((total, one) => total + one.count, 0),
    measuring: measuring.length,
    living: living.length,
  }
}

function mergeClasses(
  measuring: readonly (NonNullable<BreakerInstance['stats']> & { instance: string })[],
): GroupFailureClass[] {
  const all = measuring.flatMap(({ failureClasses, instance }) => failureClasses.map(one => ({ ...one, instance })))
  const merged = [...Map.groupBy(all, ({ name, code }) => `${name}\n${code ?? ''}`).values()].map(members => {
    const latest = members.reduce((a, b) => (b.at > a.at ? b : a))
    return { ...latest, count: members.reduce((total, { count }) => total + count, 0) }
  })
  return merged.sort((a, b) => b.count - a.count || b.at - a.at)
}
