import type { DatabaseError, DatabaseStats, HeldConnectionReport } from '../port.ts'
import { statementTimes } from '../statements/statement-times.ts'
import type { Meter, Unit, UnitKind } from './measured-sql.ts'

/** Of how long ago the longest wait is still told (ms). */
const WAITS_FOR_MS = 60_000
/** How many of the connections that are held longest are told. */
const MOST_HELD = 5

export interface PoolMeterOptions {
  max: number
  /** A connection that is held longer is told as held. */
  heldAfterMs: number
  /** Keeps where in the code a connection was taken; costs some microseconds each time. */
  traceHolders: boolean
  /** Called once for each connection that is held for long. */
  onHeld?: ((held: HeldConnectionReport) => void) | undefined
  comment?: (() => string) | undefined
  /** Called when the server has refused a write because it is not the primary. */
  onReadOnly?: () => void
  /** What is called when a unit ends, for the context in which it began. */
  endingOf?: () => (() => void) | undefined
}

interface LiveUnit {
  kind: UnitKind
  askedAt: number
  /** When it got its connection; undefined while it waits. */
  gotAt: number | undefined
  stack: string | undefined
  told: boolean
}

/** Counts what happens on a pool, who waits for a connection and who holds one. */
export function poolMeter(options: PoolMeterOptions) {
  const { max, heldAfterMs, traceHolders, onHeld } = options
  const running = new Set<LiveUnit>()
  /** postgres.js serves those that wait in the order in which they came. */
  const waiting: LiveUnit[] = []
  const waits = { count: 0, totalMs: 0 }
  const times = statementTimes()
  let longest: { at: number; ms: number }[] = []
  let queries = 0
  let errors = 0
  let lastError: DatabaseStats['lastError']
  let watching: NodeJS.Timeout | undefined

  const give = (unit: LiveUnit) => {
    unit.gotAt = performance.now()
    running.add(unit)
  }

  function waited(unit: LiveUnit) {
    give(unit)
    const ms = performance.now() - unit.askedAt
    waits.count++
    waits.totalMs += ms
    longest = [
      ...longest.filter(wait => performance.now() - wait.at < WAITS_FOR_MS && wait.ms > ms),
      { at: performance.now(), ms },
    ]
  }

  const heldNow = () => {
    const now = performance.now()
    return [...running]
      .filter(
        (unit): unit is LiveUnit & { gotAt: number } => unit.gotAt !== undefined && now - unit.gotAt >= heldAfterMs,
      )
      .sort((one, other) => one.gotAt - other.gotAt)
      .map(unit => ({ unit, report: reportOf(unit, now) }))
  }

  function watch() {
    const held = heldNow()
    for (const { unit, report } of held) {
      if (unit.told) continue
      unit.told = true
      onHeld?.(report)
    }
    if (running.size > 0) return
    clearInterval(watching)
    watching = undefined
  }

  function begin(kind: UnitKind, ending?: () => void): Unit {
    const unit: LiveUnit = {
      kind,
      askedAt: performance.now(),
      gotAt: undefined,
      stack: traceHolders ? callerOf(new Error('held')) : undefined,
      told: false,
    }
    if (running.size < max) give(unit)
    else waiting.push(unit)
    if (onHeld) watching ??= setInterval(watch, Math.max(50, heldAfterMs / 4)).unref()
    return {
      end() {
        ending?.()
        const at = waiting.indexOf(unit)
        if (at >= 0) waiting.splice(at, 1)
        if (!running.delete(unit)) return
        const next = waiting.shift()
        if (next) waited(next)
      },
    }
  }

  const meter: Meter = {
    ...(options.comment ? { comment: options.comment } : {}),
    unitStarted: kind => begin(kind, options.endingOf?.()),
    queryStarted: () => queries++,
    queryAnswered: times.record,
    queryFailed(error: DatabaseError) {
      errors++
      lastError = { at: Date.now(), code: error.code, message: error.message }
      if (error.code === 'DATABASE_READ_ONLY') options.onReadOnly?.()
    },
  }
  const reading: Meter = { ...meter, unitStarted: kind => begin(kind) }

  return {
    meter,
    reading,
    statements: times.reports,
    /** All but the name, the address and the connections, which the pool knows. */
    stats(size: number) {
      const units = running.size + waiting.length
      const active = Math.min(units, size)
      const now = performance.now()
      longest = longest.filter(wait => now - wait.at < WAITS_FOR_MS)
      const held = heldNow().slice(0, MOST_HELD)
      return {
        max,
        size,
        active,
        idle: size - active,
        waiting: units - active,
        queries,
        errors,
        waits: {
          count: waits.count,
          totalMs: Math.round(waits.totalMs),
          longestMs: Math.round(
            Math.max(0, ...longest.map(wait => wait.ms), ...waiting.map(unit => now - unit.askedAt)),
          ),
        },
        ...(held.length === 0 ? {} : { held: held.map(({ report }) => report) }),
        ...(lastError === undefined ? {} : { lastError }),
      }
    },
    close: () => clearInterval(watching),
  }
}

function reportOf({ kind, gotAt, stack }: LiveUnit & { gotAt: number }, now: number): HeldConnectionReport {
  return { kind, heldMs: Math.round(now - gotAt), ...(stack === undefined ? {} : { stack }) }
}

/** The lines of a stack that are not of this library or the driver. */
function callerOf({ stack = '' }: Error): string {
  const lines = stack.split('\n').slice(1)
  const foreign = lines.filter(
    line => !/\/node_modules\/(postgres|drizzle-orm)\/|\/database\/(adapters|transactions)\/|\(?node:/.test(line),
  )
  return (foreign.length > 0 ? foreign : lines)
    .slice(0, 5)
    .map(line => line.trim())
    .join('\n')
}
