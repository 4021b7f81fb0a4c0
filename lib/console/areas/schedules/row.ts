import type { Timings } from '../../../infrastructure/scheduler/index.ts'
import type { RunItem, ScheduleItem } from './schedule-item.ts'
import { type TimingFields, timingOf } from './timing.ts'

/**
 * `overdue`: it was due and nothing has begun it. `interrupted`: its process was lost in a run that nothing has taken over. `overrunning`: its run
 * goes on though the next one is due. `troubled`: the last run did not succeed.
 */
export type ScheduleState =
  | 'waiting'
  | 'running'
  | 'paused'
  | 'overdue'
  | 'interrupted'
  | 'overrunning'
  | 'troubled'
  | 'over'

export interface ScheduleProcess {
  id: string
  instance: string
  alive: boolean
}

export interface ScheduleRow extends TimingFields {
  /** In addresses. */
  id: string
  name: string
  /** The library that runs it. */
  library: 'Substation' | 'BullMQ' | 'node-cron' | 'croner' | (string & {})
  /** The service, or the Redis and the queue. */
  place: string
  service?: string
  server?: string
  /** `prefix:name`, of job schedulers of BullMQ. */
  queue?: string
  /** The job that is to run next, of job schedulers of BullMQ. */
  nextJob?: string
  words?: string
  description?: string
  owner?: string
  runbook?: string
  state: ScheduleState
  nextAt?: number
  last?: RunItem
  lastAt?: number
  paused?: ScheduleItem['paused']
  /** Its timing is not the declared one, which `declared` puts in words. */
  changed?: Omit<NonNullable<ScheduleItem['changed']>, 'declared'> & { declared: TimingFields & { words?: string } }
  /** The newest first. */
  runs: RunItem[]
  processes: ScheduleProcess[]
  shared: boolean
  rules?: Pick<ScheduleItem, 'jitterMs' | 'timeoutMs' | 'catchUp' | 'overlap' | 'retakes'>
}

const TROUBLE: readonly ScheduleState[] = ['overdue', 'interrupted', 'overrunning', 'troubled']
export const isTroubled = ({ state }: Pick<ScheduleRow, 'state'>) => TROUBLE.includes(state)

/** A process reports what is due within ten seconds; a scheduler of BullMQ moves on when a worker takes its job. */
const LATE_AFTER = 60_000

interface Judged extends TimingFields {
  nextAt?: number
  paused?: object
  runs: readonly RunItem[]
  /** Whether the process of a run reports. */
  alive(run: RunItem): boolean
  lateAfterMs?: number
}

/** How a schedule is now. */
export function stateOf(timings: Timings, schedule: Judged, now: number): ScheduleState {
  const { nextAt, paused, runs, alive, lateAfterMs = LATE_AFTER } = schedule
  const going = runs.filter(run => run.startedAt !== undefined && run.outcome === undefined)
  const running = going.find(alive)
  if (!paused && nextAt !== undefined && now - nextAt > Math.max(lateAfterMs, LATE_AFTER)) return 'overdue'
  if (running) return isOver(timings, schedule, running, now) ? 'overrunning' : 'running'
  if (going.length > 0 && going[0] === runs[0]) return 'interrupted'
  if (paused) return 'paused'
  const last = runs.find(({ outcome }) => outcome !== undefined && outcome !== 'skipped')
  if (last?.outcome !== undefined && last.outcome !== 'succeeded' && last.outcome !== 'aborted') return 'troubled'
  return nextAt === undefined && schedule.at !== undefined ? 'over' : 'waiting'
}

/** Whether the next one is due while this run goes on. */
function isOver(timings: Timings, schedule: TimingFields, { dueAt, trigger }: RunItem, now: number): boolean {
  const timing = timingOf(schedule)
  if (!timing || trigger === 'manual') return false
  const next = nextDue(timings, timing, dueAt, dueAt)
  return next !== undefined && next < now
}

/** Undefined also for an expression that this library does not read: another one may. */
export function nextDue(timings: Timings, ...asked: Parameters<Timings['nextAfter']>): number | undefined {
  try {
    return timings.nextAfter(...asked)
  } catch {
    return undefined
  }
}
