import { z } from 'zod'
import { byText } from '../../../../core/text-order.ts'
import { loadTimings } from '../../../../infrastructure/scheduler/index.ts'
import type { Part } from '../../../platform/part/part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { exact, search } from '../../../platform/view/text-filters.ts'
import { type Calendar, calendarOf } from '../calendar.ts'
import { readSchedules, rowsOf } from '../read.ts'
import { isTroubled, type ScheduleRow } from '../row.ts'

const LIMIT = 500

export interface SchedulesData {
  /** Each with how many schedules it has. */
  sources: { what: string; part: Part<number> }[]
  /** Of the sources that answered, now or before. */
  rows: Omit<ScheduleRow, 'processes' | 'rules'>[]
  total: number
  counts: Record<'all' | 'trouble' | 'running' | 'paused', number>
  services: string[]
  calendar: Calendar
}

const filters = z.object({
  q: search,
  state: z.enum(['all', 'trouble', 'running', 'paused']).default('all'),
  service: exact(300),
  library: exact(100),
  sort: z.enum(['name', 'next', 'last']).default('next'),
  dir: z.enum(['asc', 'desc']).default('asc'),
})

const inState = {
  all: () => true,
  trouble: isTroubled,
  running: ({ state }: ScheduleRow) => state === 'running' || state === 'overrunning',
  paused: ({ state }: ScheduleRow) => state === 'paused',
}

/** Every schedule, what is due in the next 24 hours, and what is wrong. */
export const schedulesView = defineView({
  id: 'schedules',
  title: 'Schedules',
  permission: 'schedule:read',
  topics: ['schedules', 'fleet', 'queues'],
  filters,
  freshFor: 2_000,
  async read({ environment }, { q, state, service, library, sort, dir }): Promise<SchedulesData> {
    const sources = await readSchedules(environment)
    const all = sources.flatMap(({ part }) => rowsOf(part))
    const text = q.toLowerCase()
    const meant = all.filter(
      row =>
        (!text || `${row.name} ${row.place} ${row.description ?? ''}`.toLowerCase().includes(text)) &&
        (!service || row.service === service) &&
        (!library || row.library === library),
    )
    const rows = meant.filter(inState[state]).sort(ordered(sort, dir))
    const count = (state: keyof typeof inState) => meant.filter(inState[state]).length
    return {
      sources: sources.map(({ what, part }) => ({
        what,
        part: part.status === 'down' ? part : { ...part, data: part.data.length },
      })),
      rows: rows.slice(0, LIMIT).map(({ processes: _, rules: __, ...row }) => row),
      total: rows.length,
      counts: { all: count('all'), trouble: count('trouble'), running: count('running'), paused: count('paused') },
      services: [...new Set(all.flatMap(row => row.service ?? []))].sort(byText),
      calendar: calendarOf(await loadTimings(), meant, Date.now()),
    }
  },
})

function ordered(sort: 'name' | 'next' | 'last', dir: 'asc' | 'desc') {
  const turn = dir === 'asc' ? 1 : -1
  const key = ({ nextAt, lastAt }: ScheduleRow) => (sort === 'next' ? nextAt : lastAt)
  return (a: ScheduleRow, b: ScheduleRow) => {
    if (sort === 'name') return turn * byText(a.name, b.name)
    // What has no such time is last in either order.
    const [x, y] = [key(a), key(b)]
    if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined)
    return turn * (x - y) || byText(a.name, b.name)
  }
}
