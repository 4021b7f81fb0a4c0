import { defineArea } from '../../platform/area/define.ts'
import { nameGroup, placeOf } from '../../platform/area/names.ts'
import { ofSchedules } from './attention.ts'
import { pauseSchedule } from './operations/pause.ts'
import { resumeSchedule } from './operations/resume.ts'
import { runSchedule } from './operations/run.ts'
import { readSchedules, rowsOf } from './read.ts'
import { scheduleView } from './views/schedule.ts'
import { schedulesView } from './views/schedules.ts'

export const schedulesArea = defineArea({
  id: 'schedules',
  title: 'Schedules',
  page: { group: 'operate', icon: 'calendar-clock', shortcut: 't', counts: 'in trouble' },
  permissions: { 'schedule:read': 'viewer', 'schedule:run': 'operator', 'schedule:pause': 'operator' },
  topics: { schedules: 'schedule:read' },
  views: [schedulesView, scheduleView],
  operations: [runSchedule, pauseSchedule, resumeSchedule],
  async attention({ environment }) {
    const sources = await readSchedules(environment)
    return {
      items: ofSchedules(sources.flatMap(({ part }) => rowsOf(part))),
      known: sources.every(({ part }) => part.status !== 'down'),
    }
  },
  async names({ environment }, query) {
    const rows = (await readSchedules(environment)).flatMap(({ part }) => rowsOf(part))
    const items = rows.map(({ id, name, place }) => ({
      id,
      label: name,
      detail: place,
      href: placeOf('schedules', { schedule: id }),
    }))
    return [nameGroup('schedules', 'Schedules', query, items, 'schedule')]
  },
})
