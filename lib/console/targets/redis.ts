import { maskUrl } from '../../infrastructure/config/index.ts'
import { openViewRedis, whenReady } from '../fleet/redis.ts'
import { type Outages, part } from '../parts.ts'
import type { WatchedRedis } from '../settings/port.ts'
import type { Capability, Target, TargetReport } from './port.ts'

/** What the console uses each command for, and what to grant where it is missing. */
const NEEDS: { name: string; args: string[]; purpose: string; grant: string }[] = [
  { name: 'INFO', args: ['server'], purpose: 'memory, clients, persistence and replication', grant: '+info' },
  { name: 'CLIENT LIST', args: [], purpose: 'who is connected, and which workers a queue has', grant: '+client|list' },
  { name: 'SCAN', args: ['0', 'COUNT', '1'], purpose: 'finding queues and keys', grant: '+scan' },
  { name: 'CONFIG GET', args: ['maxmemory'], purpose: 'limits and the eviction policy', grant: '+config|get' },
  { name: 'EVAL', args: ['return 1', '0'], purpose: 'acting on a queue in one step', grant: '+eval' },
  { name: 'SLOWLOG GET', args: ['1'], purpose: 'the slow log', grant: '+slowlog|get' },
]

export function redisTarget(server: WatchedRedis, outages: Outages) {
  const redis = openViewRedis(server.url, `watch:${server.name}`, 2_500)
  return {
    async read(): Promise<Target> {
      const report = await part(`Redis ${server.name}`, outages, probe())
      return { name: server.name, kind: 'redis', address: maskUrl(server.url), report }
    },
    close: async () => redis.disconnect(),
  }

  async function probe(): Promise<TargetReport> {
    await whenReady(redis)
    const began = performance.now()
    await redis.ping()
    const latencyMs = performance.now() - began
    const results = await Promise.all(NEEDS.map(async need => ({ need, ...(await call(need.name, need.args)) })))
    const capabilities = results.map(
      ({ need, allowed }): Capability => ({
        name: need.name,
        allowed,
        purpose: need.purpose,
        remedy: allowed ? undefined : `Grant ${need.grant} to this account (ACL SETUSER).`,
      }),
    )
    const info = parseInfo(results[0]?.allowed ? String(await redis.info()) : '')
    const policy = await call('CONFIG GET', ['maxmemory-policy'])
    const evicts = Array.isArray(policy.answer) ? String(policy.answer[1]) : info.maxmemory_policy
    const warnings: string[] = []
    if (evicts && evicts !== 'noeviction')
      warnings.push(
        `maxmemory-policy is ${evicts}: Redis may throw away jobs and keys when memory is short. Queues need noeviction.`,
      )
    if (info.loading === '1') warnings.push('It is loading its data from disk.')
    if (info.rdb_last_bgsave_status === 'err') warnings.push('The last background save failed.')
    return {
      latencyMs,
      version: info.redis_version ?? 'unknown',
      role: info.role,
      uptimeSeconds: info.uptime_in_seconds ? Number(info.uptime_in_seconds) : undefined,
      facts: factsOf(info, evicts),
      warnings,
      capabilities,
    }
  }

  async function call(name: string, args: string[]): Promise<{ allowed: boolean; answer?: unknown }> {
    const [command = '', ...sub] = name.toLowerCase().split(' ')
    try {
      return { allowed: true, answer: await redis.call(command, ...sub, ...args) }
    } catch (error) {
      // Only a refusal says something about the account; a broken server fails the whole report.
      if (/NOPERM|unknown (sub)?command|not allowed/i.test((error as Error).message)) return { allowed: false }
      throw error
    }
  }
}

function parseInfo(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split('\r\n').flatMap(line => {
      const colon = line.indexOf(':')
      return colon > 0 ? [[line.slice(0, colon), line.slice(colon + 1)]] : []
    }),
  )
}

function factsOf(info: Record<string, string>, evicts: string | undefined): TargetReport['facts'] {
  const facts: TargetReport['facts'] = []
  const add = (label: string, value: string | undefined) =>
    value !== undefined && value !== '' && facts.push({ label, value })
  add(
    'Memory',
    info.used_memory_human &&
      (info.maxmemory && info.maxmemory !== '0'
        ? `${info.used_memory_human} of ${info.maxmemory_human}`
        : `${info.used_memory_human}, no limit`),
  )
  add('Clients', info.connected_clients)
  add('Commands a second', info.instantaneous_ops_per_sec)
  add('Evicted keys', info.evicted_keys)
  add('Eviction policy', evicts)
  add('Append-only file', info.aof_enabled && (info.aof_enabled === '1' ? 'on' : 'off'))
  return facts
}
