import type { FleetProcess, FleetSnapshot } from './port.ts'

/** A time on a process' own clock, on the console's clock: both know their offset to Redis' clock (ms). */
export function toConsoleTime(at: number, process: FleetProcess, snapshot: FleetSnapshot): number {
  return Math.round(at - (process.skew ?? 0) + snapshot.skew)
}

/** A time on Redis' clock, on the console's clock (ms). */
export function fromRedisTime(at: number, snapshot: Pick<FleetSnapshot, 'skew'>): number {
  return Math.round(at + snapshot.skew)
}
