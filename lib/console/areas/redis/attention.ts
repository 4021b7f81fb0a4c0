import type { AttentionItem } from '../../platform/attention/item.ts'
import type { Part } from '../../platform/part/part.ts'
import type { RecentSeries } from '../../series/port.ts'
import type { RedisReading } from '../../servers/redis/port.ts'

/** A server as it was read, and its used memory (bytes) of the last quarter of an hour. */
export interface JudgedServer {
  name: string
  /** The fleet reports through it: writes that it refuses never reach the console. */
  carriesFleet: boolean
  reading: Part<RedisReading>
  memory?: RecentSeries
  /** Keys per second that it evicted. */
  evictions?: RecentSeries
}

/** The problems of a Redis that answers. One that does not answer is an item of the health area. */
export function ofRedis(servers: readonly JudgedServer[]): AttentionItem[] {
  return servers.flatMap(({ name, carriesFleet, reading, memory, evictions }) => {
    if (reading.status !== 'up') return []
    const troubles = reading.data.troubles.map(({ kind, band, text, detail }): AttentionItem => {
      const left = kind === 'memory' ? timeToFull(memory, reading.data.memory.limit) : undefined
      return {
        id: `redis:${name}:${kind}`,
        band: kind === 'refuses-writes' && carriesFleet ? 'blind' : band,
        share: 1,
        subject: name,
        text,
        detail: left === undefined ? detail : `${detail} At the rate of the last 15 minutes it is full in ${left}.`,
        href: `redis?server=${encodeURIComponent(name)}`,
        act: 'See server',
      }
    })
    const evicting = evictionRate(evictions)
    if (evicting === undefined) return troubles
    return [
      ...troubles,
      {
        ...{ id: `redis:${name}:evictions`, band: 'notice', subject: name },
        text: `evicts ${evicting < 10 ? evicting.toFixed(1) : Math.round(evicting)} keys/s`,
        detail: `Its memory is at its limit, and its policy (${reading.data.memory.policy ?? 'unknown'}) decides which keys are evicted. Queues or sessions in it are evicted too.`,
        href: `redis?server=${encodeURIComponent(name)}`,
        act: 'See server',
      },
    ]
  })
}

/** Evictions per second in the last two minutes; undefined where there were none, or nothing was measured. */
function evictionRate(evictions: RecentSeries | undefined): number | undefined {
  const latest = (evictions?.values ?? []).slice(-4).flatMap(value => value ?? [])
  if (latest.length === 0) return undefined
  const rate = latest.reduce((sum, value) => sum + value, 0) / latest.length
  return rate > 0.05 ? rate : undefined
}

/** By a straight line through the first and the last figure; undefined where memory does not grow, or takes over a day. */
export function timeToFull(memory: RecentSeries | undefined, limit: number | undefined): string | undefined {
  if (!memory || !limit) return undefined
  const known = memory.values.flatMap((value, at) => (value === null ? [] : [{ value, at }]))
  const first = known[0]
  const last = known.at(-1)
  // A trend from two close figures is chance.
  if (!first || !last || last.at - first.at < 4 || last.value <= first.value) return undefined
  const perMs = (last.value - first.value) / ((last.at - first.at) * memory.step)
  const minutes = (limit - last.value) / perMs / 60_000
  if (minutes <= 0 || minutes > 24 * 60) return undefined
  return minutes < 90 ? `about ${Math.max(1, Math.round(minutes))} min` : `about ${Math.round(minutes / 60)} h`
}
