import type { FleetProcess, FleetSnapshot } from './port.ts'

/** A time on a process' own clock as the console's clock reads it: both know how far they are from Redis' (ms). */
export function toConsoleTime(at: number, process: FleetProcess, snapshot: FleetSnapshot): number {
  return Math.round(at - (process.skew ?? 0) + snapshot.skew)
}

/** A time on Redis' clock as the console's clock reads it (ms). */
export function fromRedisTime(at: number, snapshot: Pick<FleetSnapshot, 'skew'>): number {
  return Math.round(at + snapshot.skew)
}
