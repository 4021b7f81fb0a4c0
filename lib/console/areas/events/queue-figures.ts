import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import { Queues, queueTitle, type WatchedQueue, type WatchedServer } from '../queues/index.ts'

/** Queues that the search has not found yet and that are asked for one by one, at most. */
const MOST_ASKED = 50

/** The queue of a partition. What is absent is unknown, not zero. */
export interface QueueFigures {
  /** `prefix:name` */
  key: string
  title: string
  server?: string
  unknownBecause?: string
  /** The figures are the last ones: why there are no newer ones. */
  staleBecause?: string
  paused?: boolean
  waiting?: number
  waitingSince?: number
  active?: number
  deadLetters?: number
  perSecond?: number
}

/** The figures of these queues, wherever they are among the watched Redis servers. */
export async function queueFigures(
  environment: ConsoleEnvironment,
  keys: readonly string[],
): Promise<ReadonlyMap<string, QueueFigures>> {
  const { servers } = environment.of(Queues)
  const found = new Map<string, QueueFigures>()
  const answering: WatchedServer[] = []
  const silent: string[] = []
  const wanted = new Set(keys)
  await Promise.all(
    servers.map(async server => {
      const part = await server.read()
      if (part.status !== 'up') silent.push(part.reason)
      else answering.push(server)
      if (part.status === 'down') return
      const stale = part.status === 'stale' ? { staleBecause: part.reason } : {}
      for (const queue of part.data.queues)
        if (wanted.has(queue.key)) found.set(queue.key, { ...figuresOf(queue, server.name), ...stale })
    }),
  )
  const missing = [...wanted].filter(key => !found.has(key))
  await Promise.all(
    missing.slice(0, MOST_ASKED).map(async key => {
      for (const server of answering) {
        const queue = await server.find(key).catch(() => undefined)
        if (queue) return void found.set(key, figuresOf(queue, server.name))
      }
    }),
  )
  for (const key of missing)
    if (!found.has(key)) {
      const unknownBecause = silent[0] ?? 'No watched Redis has its queue'
      found.set(key, { key, title: queueTitle(key), unknownBecause })
    }
  return found
}

function figuresOf({ key, counts, waitingSince, rate, paused }: WatchedQueue, server: string): QueueFigures {
  const { waiting, prioritized = 0, active, failed } = counts
  return {
    ...{ key, title: queueTitle(key), server, paused },
    ...(waiting === undefined ? {} : { waiting: waiting + prioritized }),
    ...(waitingSince === undefined ? {} : { waitingSince }),
    ...(active === undefined ? {} : { active }),
    ...(failed === undefined ? {} : { deadLetters: failed }),
    ...(rate.known ? { perSecond: rate.value.completed + rate.value.failed } : {}),
  }
}
