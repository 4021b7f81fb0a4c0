import { z } from 'zod'
import { type ClockChange, clockChanges, loadTimings } from '../../../../infrastructure/scheduler/index.ts'
import type { Part } from '../../../platform/part/part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { exact } from '../../../platform/view/text-filters.ts'
import { readSchedules, rowsOf } from '../read.ts'
import type { ScheduleRow } from '../row.ts'
import { timingOf } from '../timing.ts'

const NEXT = 5
const MOST_TOLD = 2
const AHEAD = 200 * 86_400_000

export interface ScheduleData {
  schedule?: Part<ScheduleRow>
  /** Sources that do not answer: it may be there. */
  unknown: string[]
  /** The next times at which it is due. */
  next: number[]
  /** What changes of the clocks in the next 200 days do to it. */
  clockChanges: ClockChange[]
}

/** One schedule: its runs, its next times, and its processes. */
export const scheduleView = defineView({
  id: 'schedule',
  title: 'Schedule',
  permission: 'schedule:read',
  topics: ['schedules', 'fleet', 'queues'],
  filters: z.object({ id: exact(1_200) }),
  freshFor: 1_000,
  async read({ environment }, { id }): Promise<ScheduleData> {
    const sources = await readSchedules(environment)
    const source = sources.find(({ part }) => rowsOf(part).some(row => row.id === id))
    const row = source && rowsOf(source.part).find(found => found.id === id)
    const unknown = sources.filter(({ part }) => part.status !== 'up').map(({ what }) => what)
    if (!row || source.part.status === 'down') return { unknown, next: [], clockChanges: [] }
    return { schedule: { ...source.part, data: row }, unknown, ...(await ahead(row)) }
  },
})

async function ahead(row: ScheduleRow): Promise<Pick<ScheduleData, 'next' | 'clockChanges'>> {
  const timings = await loadTimings()
  const timing = timingOf(row)
  const now = Date.now()
  const known = row.nextAt === undefined ? [] : [row.nextAt]
  if (!timing) return { next: known, clockChanges: [] }
  try {
    return {
      next: timings.dueWithin(timing, row.nextAt ?? now, now + 3 * AHEAD, { limit: NEXT, anchor: row.nextAt }),
      clockChanges: tellable(clockChanges(timings, timing, now, now + AHEAD)),
    }
  } catch {
    return { next: known, clockChanges: [] }
  }
}

/** What runs every few minutes all day is no news at a change of the clocks. */
function tellable(changes: readonly ClockChange[]): ClockChange[] {
  return [...Map.groupBy(changes, ({ at }) => at).values()].filter(({ length }) => length <= MOST_TOLD).flat()
}
