import type { z } from 'zod'
import { type HeldKind, type Holder, holdersOf } from '../../fleet/holders.ts'
import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import { Name } from '../../platform/operation/input.ts'
import { RefusalError } from '../../platform/refusal.ts'
import { ScheduleItem } from './schedule-item.ts'

const SCHEDULES: HeldKind<ScheduleItem> = {
  domain: 'schedules',
  schema: ScheduleItem,
  noun: 'schedule',
  field: 'schedule',
}

export const ScheduleTarget = { service: Name, schedule: Name }
type Target = z.infer<z.ZodObject<typeof ScheduleTarget>>

export const targetOf = ({ service, schedule }: Target) => ({ kind: 'schedule', name: `${service} / ${schedule}` })

interface Held {
  /** Those that are asked. */
  meant: Holder<ScheduleItem>[]
  all: Holder<ScheduleItem>[]
  shared: boolean
  paused: ScheduleItem['paused']
  /** As of the process that knows best. */
  current: ScheduleItem | undefined
}

/**
 * The processes that are asked: one, where all share the schedule's state; else each, since each has its own. Refuses for a schedule of another
 * library, and when no living process has it.
 */
export async function scheduleHolders(environment: ConsoleEnvironment, { service, schedule }: Target): Promise<Held> {
  const found = await holdersOf(environment, SCHEDULES, schedule, { kind: 'service', service })
  const all = found.sort((a, b) => (b.item.asOf ?? 0) - (a.item.asOf ?? 0))
  const adopted = all.find(({ item }) => item.adopted)?.item.adopted
  if (adopted)
    throw new RefusalError({
      code: 'invalid',
      message: `${schedule} belongs to ${adopted}: it is shown here, and operated in its service.`,
      fields: { schedule: `is of ${adopted}` },
    })
  const shared = all.every(({ item }) => item.shared)
  // What all share, the process knows that noticed a change last.
  const paused = (shared ? all.slice(0, 1) : all).find(({ item }) => item.paused)?.item.paused
  const able = all.filter(({ process }) => process.identity?.verbs.includes('schedule.run'))
  return {
    meant: shared ? (able.length > 0 ? able : all).slice(0, 1) : all,
    all,
    shared,
    paused,
    current: all[0]?.item,
  }
}
