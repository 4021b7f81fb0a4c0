import type { SamplePoint } from '../../platform/samples.ts'
import { QUEUE_SERIES, seriesName } from '../../series/names.ts'
import { waitingOf } from './condition.ts'
import type { WatchedQueue } from './port.ts'
import type { OpenServer } from './watch.ts'

/** The most queues of one server whose figures are kept: the sampler's limit for one service, divided by the series of each. */
const KEPT = 180

/** Measures one server's rates and returns its figures. Of very many queues the busy ones come first, and stay. */
export function serverSamples(server: OpenServer) {
  const kept = new Set<string>()

  function choose(queues: WatchedQueue[]) {
    const keys = new Set(queues.map(({ key }) => key))
    for (const key of kept) if (!keys.has(key)) kept.delete(key)
    const busy = (queue: WatchedQueue) =>
      (waitingOf(queue) ?? 0) + (queue.counts.active ?? 0) + (queue.failedLately ?? 0)
    for (const { key } of queues.toSorted((a, b) => busy(b) - busy(a))) if (kept.size < KEPT) kept.add(key)
  }

  return async function sample(signal: AbortSignal): Promise<SamplePoint[]> {
    const reading = await server.read()
    if (reading.status !== 'up') return []
    const { queues } = reading.data
    // Lengths are known even without streams.
    await server.rates.measure(queues, signal).catch(() => {})
    choose(queues)
    const service = `redis:${server.name}`
    return queues.flatMap(queue => (kept.has(queue.key) ? pointsOf(queue, service, server) : []))
  }
}

function pointsOf(queue: WatchedQueue, service: string, { rates }: OpenServer): SamplePoint[] {
  const rate = rates.of(queue.key)
  const figures: Record<string, number | undefined> = {
    [QUEUE_SERIES.waiting]: waitingOf(queue),
    [QUEUE_SERIES.deadLetters]: queue.counts.failed,
    [QUEUE_SERIES.completed]: rate.known ? rate.value.completed : undefined,
    [QUEUE_SERIES.failed]: rate.known ? rate.value.failed : undefined,
  }
  return Object.entries(figures).flatMap(([family, value]) =>
    value === undefined ? [] : [{ service, series: seriesName(family, { queue: queue.key }), value }],
  )
}
