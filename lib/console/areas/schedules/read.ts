import { loadTimings } from '../../../infrastructure/scheduler/index.ts'
import { Fleet } from '../../fleet/resources.ts'
import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import { mapPart } from '../../platform/part/map-part.ts'
import type { Part } from '../../platform/part/part.ts'
import { bullmqRows } from './bullmq-rows.ts'
import { ownRows } from './own-rows.ts'
import type { ScheduleRow } from './row.ts'

/** Where schedules come from, and how that stands. */
export interface ScheduleSource {
  /** A subject: "The fleet of production", "Redis main". */
  what: string
  part: Part<ScheduleRow[]>
}

/** Every schedule of an environment: of its processes, and of BullMQ in each watched Redis. */
export async function readSchedules(environment: ConsoleEnvironment): Promise<ScheduleSource[]> {
  const now = Date.now()
  const timings = await loadTimings()
  const [fleet, servers] = await Promise.all([
    environment.of(Fleet).read(['schedules']),
    bullmqRows(timings, environment, now),
  ])
  const own = mapPart(fleet, snapshot => ownRows(timings, snapshot, now))
  // What a scheduler of the library has put into BullMQ is listed as what it is.
  const known = new Set(rowsOf(own).map(({ queue, name }) => `${queue}/${name}`))
  return [
    { what: `The fleet of ${environment.name}`, part: own },
    ...servers.map(({ server, rows }) => ({
      what: `Redis ${server}`,
      part: mapPart(rows, list => list.filter(({ queue, name }) => !known.has(`${queue}/${name}`))),
    })),
  ]
}

export const rowsOf = (part: Part<ScheduleRow[]>) => (part.status === 'down' ? [] : part.data)
