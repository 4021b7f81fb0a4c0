import type { SchedulerReading } from '../../../infrastructure/queue/index.ts'
import type { Timings } from '../../../infrastructure/scheduler/index.ts'
import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import { mapPart } from '../../platform/part/map-part.ts'
import type { Part } from '../../platform/part/part.ts'
import { Queues } from '../queues/index.ts'
import { type ScheduleRow, stateOf } from './row.ts'
import { timingWords } from './timing.ts'

/** Queues of a Redis whose schedulers are read, those with the most first. */
const MOST_QUEUES = 200

export interface ServerSchedules {
  server: string
  rows: Part<ScheduleRow[]>
}

/** The job schedulers and repeatable jobs of every watched Redis. */
export async function bullmqRows(
  timings: Timings,
  environment: ConsoleEnvironment,
  now: number,
): Promise<ServerSchedules[]> {
  return Promise.all(
    environment.of(Queues).servers.map(async server => {
      const part = await server.read()
      if (part.status !== 'up') return { server: server.name, rows: mapPart(part, () => []) }
      const queues = part.data.queues.filter(({ schedulers }) => schedulers !== 0).slice(0, MOST_QUEUES)
      try {
        const rows = await Promise.all(
          queues.map(async queue => {
            const address = server.addressOf(queue.key)
            const readings = address ? await server.queues.schedulers(address) : []
            return readings.map(reading => rowOf(timings, server.name, queue, reading, now))
          }),
        )
        return { server: server.name, rows: { ...part, data: rows.flat() } }
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        return { server: server.name, rows: { status: 'down', reason, since: now } satisfies Part<ScheduleRow[]> }
      }
    }),
  )
}

function rowOf(
  timings: Timings,
  server: string,
  queue: { key: string; paused: boolean },
  { key, name, pattern, everyMs, timeZone, nextAt }: SchedulerReading,
  now: number,
): ScheduleRow {
  const timing = { cron: pattern, everyMs, timeZone }
  return {
    id: `bullmq/${server}/${queue.key}/${key}`,
    name: name || key,
    library: 'BullMQ',
    place: queue.key,
    server,
    queue: queue.key,
    ...(nextAt === undefined ? {} : { nextAt, nextJob: `repeat:${key}:${nextAt}` }),
    ...timing,
    words: timingWords(timing),
    state: queue.paused ? 'paused' : stateOf(timings, { ...timing, nextAt, runs: [], alive: () => false }, now),
    runs: [],
    processes: [],
    shared: true,
  }
}
