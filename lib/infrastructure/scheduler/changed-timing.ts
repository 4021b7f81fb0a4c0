import { isDeepStrictEqual } from 'node:util'
import type { ScheduleState } from './backend.ts'
import type { ScheduleDeclaration, Timing } from './port.ts'

/** By which timing a schedule is due: code that declares another timing than the one that was changed is newer than the change. */
export function timingIn(
  { when }: Pick<ScheduleDeclaration, 'when'>,
  { changed }: Pick<ScheduleState, 'changed'>,
): Timing {
  return changed && isSameTiming(changed.declared, when) ? changed.when : when
}

export const isSameTiming = (one: Timing, other: Timing) => isDeepStrictEqual(inFull(one), inFull(other))

const inFull = (timing: Timing): Timing =>
  'cron' in timing ? { cron: timing.cron, timeZone: timing.timeZone ?? 'UTC' } : timing
