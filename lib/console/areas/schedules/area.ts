import { defineArea } from '../../platform/area/define.ts'
import { nameGroup, placeOf } from '../../platform/area/names.ts'
import { ofSchedules } from './attention.ts'
import { changeSchedule } from './operations/change.ts'
import { pauseSchedule } from './operations/pause.ts'
import { restoreSchedule } from './operations/restore.ts'
import { resumeSchedule } from './operations/resume.ts'
import { runSchedule } from './operations/run.ts'
import { readSchedules, rowsOf } from './read.ts'
import { scheduleView } from './views/schedule.ts'
import { scheduleRunsView } from './views/schedule-runs.ts'
import { schedulesView } from './views/schedules.ts'

export const schedulesArea = defineArea({
  id: 'schedules',
  title: 'Schedules',
  page: { group: 'operate', icon: 'calendar-clock', shortcut: 't', counts: 'in trouble' },
  permissions: {
    'schedule:read': 'viewer',
    'schedule:run': 'operator',
    'schedule:pause': 'operator',
    'schedule:change': 'operator',
  },
  topics: { schedules: 'schedule:read' },
  views: [schedulesView, scheduleView, scheduleRunsView],
  operations: [runSchedule, pauseSchedule, resumeSchedule, changeSchedule, restoreSchedule],
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
