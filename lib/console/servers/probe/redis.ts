import { maskUrl } from '../../../infrastructure/config/index.ts'
import type { Outages } from '../../platform/part/outages.ts'
import { part } from '../../platform/part/read-part.ts'
import type { WatchedRedis } from '../../platform/settings/port.ts'
import type { RedisReading } from '../redis/port.ts'
import { readRedis } from '../redis/reading.ts'
import { openViewRedis, whenReady } from '../view-redis.ts'
import { type Answer, measured } from './ping.ts'
import type { Target, TargetReport } from './port.ts'

export function redisTarget(server: WatchedRedis, outages: Outages) {
  const redis = openViewRedis(server.url, `watch:${server.name}`, 2_500)
  return {
    async read(): Promise<Target> {
      const report = await part(`Redis ${server.name}`, outages, probe())
      return { name: server.name, kind: 'redis', address: maskUrl(server.url), report }
    },
    async ping(): Promise<Answer> {
      return {
        name: server.name,
        kind: 'redis',
        latencyMs: await measured(async () => {
          // Waiting for a connection must not count as latency.
          await whenReady(redis)
          const began = performance.now()
          await redis.ping()
          return performance.now() - began
        }),
      }
    },
    close: async () => redis.disconnect(),
  }

  async function probe(): Promise<TargetReport> {
    await whenReady(redis)
    const reading = await readRedis(redis)
    const { latencyMs, version = 'unknown', role, uptimeSeconds, troubles, capabilities } = reading
    const warnings = troubles.map(({ text, detail }) => `It ${text}. ${detail}`)
    return { latencyMs, version, role, uptimeSeconds, facts: factsOf(reading), warnings, capabilities }
  }
}

function factsOf({ memory, clients, commandsPerSecond, evicted, persistence }: RedisReading): TargetReport['facts'] {
  const facts: TargetReport['facts'] = []
  const add = (label: string, value: string | number | undefined) =>
    value !== undefined && facts.push({ label, value: String(value) })
  if (memory.used !== undefined)
    add('Memory', memory.limit ? `${size(memory.used)} of ${size(memory.limit)}` : `${size(memory.used)}, no limit`)
  add('Clients', clients.connected)
  add('Commands per second', commandsPerSecond)
  add('Evicted keys', evicted)
  add('Eviction policy', memory.policy)
  if (persistence.aof) add('Append-only file', persistence.aof.enabled ? 'on' : 'off')
  return facts
}

const size = (bytes: number) =>
  bytes < 2 ** 30 ? `${(bytes / 2 ** 20).toFixed(2)} MB` : `${(bytes / 2 ** 30).toFixed(2)} GB`
