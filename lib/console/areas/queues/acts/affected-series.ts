import type { AffectedSeries } from '../../../platform/operation/define.ts'
import { QUEUE_SERIES, redisService, seriesName } from '../../../series/names.ts'

/** The figures of a queue that an act on it changes. */
export function queueFigures({ server, queue }: { server: string; queue: string }): readonly AffectedSeries[] {
  const of = (family: string) => ({ service: redisService(server), series: seriesName(family, { queue }) })
  return [
    { ...of(QUEUE_SERIES.waiting), label: 'Jobs waiting' },
    { ...of(QUEUE_SERIES.deadLetters), label: 'Dead letters', bad: true },
  ]
}
