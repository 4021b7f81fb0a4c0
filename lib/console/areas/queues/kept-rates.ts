import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import { QUEUE_SERIES, seriesName } from '../../series/names.ts'
import { Series } from '../../series/resource.ts'
import type { QueueRate, WatchedQueue } from './port.ts'

const STEP = 30_000
/** The most queues whose rates the sampler keeps. */
const MOST = 400

/** Rates that another console measures and keeps, for the queues that this one does not measure; of the last full half minute. */
export async function keptRates(
  environment: ConsoleEnvironment,
  queues: readonly { server: string; queue: WatchedQueue }[],
): Promise<(server: string, key: string) => QueueRate | undefined> {
  const missing = queues.filter(({ queue }) => !queue.rate.known).slice(0, MOST)
  if (missing.length === 0) return () => undefined
  const keys = missing.flatMap(({ server, queue }) =>
    [QUEUE_SERIES.completed, QUEUE_SERIES.failed].map(family => ({
      service: `redis:${server}`,
      series: seriesName(family, { queue: queue.key }),
    })),
  )
  const recent = await environment.of(Series).recent(keys, { points: 2, step: STEP })
  if (recent.status === 'down') return () => undefined
  const known = new Map(
    recent.data.map(({ service, series, values }) => [
      `${service}\n${series}`,
      values.findLast(value => value !== null),
    ]),
  )
  return (server, key) => {
    const of = (family: string) => known.get(`redis:${server}\n${seriesName(family, { queue: key })}`) ?? undefined
    const completed = of(QUEUE_SERIES.completed)
    const failed = of(QUEUE_SERIES.failed)
    return completed === undefined || failed === undefined ? undefined : { completed, failed, overMs: STEP }
  }
}
