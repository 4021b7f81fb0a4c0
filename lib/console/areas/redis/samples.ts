import type { SamplePoint, SampleSource } from '../../platform/samples.ts'
import { redisService } from '../../series/names.ts'
import type { RedisReading } from '../../servers/redis/port.ts'
import type { RedisReader } from './reader.ts'

export const REDIS_SERIES = {
  /** Bytes. */
  memory: 'redis_used_bytes',
  clients: 'redis_clients',
  /** Per second. */
  commands: 'redis_commands',
  evictions: 'redis_evictions',
  /** Of lookups between two samples, 0 to 1. */
  hitRatio: 'redis_hit_ratio',
} as const

interface Counted {
  at: number
  uptime?: number
  hits?: number
  misses?: number
  evicted?: number
}

/** Memory, clients, commands, evictions and hit ratio of each server. One that does not answer leaves a gap. */
export function redisSource(reader: RedisReader): SampleSource {
  const before = new Map<string, Counted>()
  return {
    name: 'redis',
    async sample() {
      const readings = await Promise.all(
        reader.servers.map(async server => ({ name: server.name, reading: await reader.read(server) })),
      )
      return readings.flatMap(({ name, reading }) => {
        const last = before.get(name)
        before.delete(name)
        if (reading.status !== 'up') return []
        const now = countedOf(reading.data)
        before.set(name, now)
        return pointsOf(name, reading.data, now, last)
      })
    },
  }
}

const countedOf = ({ hits, misses, evicted, uptimeSeconds }: RedisReading): Counted => ({
  at: performance.now(),
  uptime: uptimeSeconds,
  hits,
  misses,
  evicted,
})

function pointsOf(server: string, reading: RedisReading, now: Counted, last: Counted | undefined): SamplePoint[] {
  const points: SamplePoint[] = []
  const add = (series: string, value: number | undefined) =>
    value !== undefined && points.push({ service: redisService(server), series, value })
  add(REDIS_SERIES.memory, reading.memory.used)
  add(REDIS_SERIES.clients, reading.clients.connected)
  add(REDIS_SERIES.commands, reading.commandsPerSecond)
  // Counters start over when the server restarts.
  if (!last || (now.uptime ?? 0) < (last.uptime ?? 0)) return points
  const more = (field: 'hits' | 'misses' | 'evicted') =>
    now[field] === undefined || last[field] === undefined ? undefined : Math.max(0, now[field] - last[field])
  const evicted = more('evicted')
  add(REDIS_SERIES.evictions, evicted === undefined ? undefined : evicted / ((now.at - last.at) / 1000))
  const hits = more('hits')
  const misses = more('misses')
  if (hits !== undefined && misses !== undefined && hits + misses > 0)
    add(REDIS_SERIES.hitRatio, hits / (hits + misses))
  return points
}
