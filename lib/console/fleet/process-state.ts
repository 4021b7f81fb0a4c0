import { type Identity, limits } from '../../infrastructure/fleet/index.ts'
import type { FleetProcess, ProcessState } from './port.ts'

/** State of one process on its own; `replaced` needs the others (see markReplaced). Times in ms of Redis' clock. */
export function stateOf(
  identity: Identity | undefined,
  lastBeatAt: number,
  redisNow: number,
): Exclude<ProcessState, 'replaced'> {
  if (identity?.leftAt !== undefined && identity.leftAt >= lastBeatAt) return 'left'
  const silent = redisNow - lastBeatAt
  if (silent <= limits.LATE_AFTER) return 'up'
  return silent <= limits.LOST_AFTER ? 'late' : 'lost'
}

/** A lost process whose place another one has taken since needs no attention, whatever became of the other one. */
export function markReplaced(processes: readonly FleetProcess[]): void {
  if (!processes.some(process => process.state === 'lost')) return
  const successors = new Map<string, number>()
  for (const { service, instance, identity } of processes) {
    if (!identity) continue
    const place = `${service}\n${instance}`
    successors.set(place, Math.max(successors.get(place) ?? 0, identity.startedAt))
  }
  for (const process of processes) {
    if (process.state !== 'lost') continue
    const successor = successors.get(`${process.service}\n${process.instance}`)
    if (successor !== undefined && successor > (process.identity?.startedAt ?? 0)) process.state = 'replaced'
  }
}
