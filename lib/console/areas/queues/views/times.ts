import { z } from 'zod'
import type { Part } from '../../../platform/part/part.ts'
import { part } from '../../../platform/part/read-part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { exact, text } from '../../../platform/view/text-filters.ts'
import { QUEUE_SERIES, redisService, seriesName } from '../../../series/names.ts'
import { Series } from '../../../series/resource.ts'
import { waitingOf } from '../condition.ts'
import { type Drain, drainOf } from '../drain.ts'
import { Queues } from '../resource.ts'

/** The rate is that of the last five minutes. */
const STEP = 10_000
const POINTS = 30

/** Exact percentiles (nearest rank) of a sample, in ms. */
export interface SampleTimes {
  jobs: number
  p50: number
  p95: number
  p99: number
}

export interface QueueTimes {
  /** How many finished jobs were read, and when the first and the last of them finished (ms). */
  jobs: number
  from?: number
  to?: number
  /** Of those that were tried more than once only the last attempt is known. */
  retried: number
  /** Absent where it is not known of any. */
  waited?: SampleTimes
  processed?: SampleTimes
  drain: Drain
}

export interface TimesData {
  /** `undefined`: there is no such server or queue. */
  times: Part<QueueTimes | undefined>
}

/** How long jobs of a queue wait and take, by those that finished last, and how long until nothing waits. */
export const timesView = defineView({
  id: 'queue-times',
  title: 'Times of a queue',
  permission: 'queue:read',
  topics: ['queues'],
  filters: z.object({
    server: text(60),
    /** `prefix:name` */
    queue: exact(600),
  }),
  freshFor: 5_000,
  async read({ environment }, { server: serverName, queue: key }): Promise<TimesData> {
    const server = environment.of(Queues).server(serverName)
    const address = server?.addressOf(key)
    async function read(): Promise<QueueTimes | undefined> {
      const queue = await server?.find(key)
      if (!server || !address || !queue) return
      const of = { service: redisService(serverName), series: seriesName(QUEUE_SERIES.waiting, { queue: key }) }
      const [{ waited, processed, ...finished }, kept] = await Promise.all([
        server.queues.finishedTimes(address),
        environment.of(Series).recent([of], { points: POINTS, step: STEP }),
      ])
      return {
        ...finished,
        ...(waited.length > 0 ? { waited: sampleOf(waited) } : {}),
        ...(processed.length > 0 ? { processed: sampleOf(processed) } : {}),
        drain:
          kept.status === 'down'
            ? { state: 'unknown', reason: kept.reason }
            : drainOf(waitingOf(queue), kept.data[0]?.values ?? [], STEP),
      }
    }
    return { times: await part(`Redis ${serverName}`, environment.outages, read()) }
  },
})

function sampleOf(ascending: readonly number[]): SampleTimes {
  const at = (share: number) => ascending[Math.ceil(share * ascending.length) - 1] as number
  return { jobs: ascending.length, p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}
