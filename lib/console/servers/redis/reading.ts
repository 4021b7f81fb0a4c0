import type { Redis } from 'ioredis'
import type { Capability } from '../probe/port.ts'
import { figure, type Info, keysOf, parseInfo, replicasOf } from './info.ts'
import type { RedisReading } from './port.ts'
import { redisTroubles } from './trouble.ts'

/** What the console uses each command for, and what to grant where it is missing. */
const NEEDS: { name: string; args: string[]; purpose: string; grant: string }[] = [
  { name: 'INFO', args: ['everything'], purpose: 'memory, clients, persistence and replication', grant: '+info' },
  {
    name: 'CLIENT LIST',
    args: ['ID', '1'],
    purpose: 'who is connected, and which workers a queue has',
    grant: '+client|list',
  },
  { name: 'SCAN', args: ['0', 'COUNT', '1'], purpose: 'finding queues and keys', grant: '+scan' },
  { name: 'CONFIG GET', args: ['maxmemory*'], purpose: 'limits and the eviction policy', grant: '+config|get' },
  { name: 'EVAL', args: ['return 1', '0'], purpose: 'acting on a queue in one step', grant: '+eval' },
  { name: 'SLOWLOG GET', args: ['1'], purpose: 'the slow log', grant: '+slowlog|get' },
]

/** Rejects when the server does not answer; the reading lists what the account may not do. */
export async function readRedis(redis: Redis): Promise<RedisReading> {
  const began = performance.now()
  await redis.ping()
  const latencyMs = performance.now() - began
  const results = await Promise.all(
    NEEDS.map(async need => ({ need, ...(await permitted(redis, need.name, need.args)) })),
  )
  const answerOf = (name: string) => results.find(({ need }) => need.name === name)?.answer
  const info = parseInfo(String(answerOf('INFO') ?? ''))
  const config = pairsOf(answerOf('CONFIG GET'))
  const reading: Omit<RedisReading, 'troubles'> = {
    latencyMs,
    ...serverOf(info),
    memory: memoryOf(info, config),
    clients: {
      connected: figure(info, 'connected_clients'),
      blocked: figure(info, 'blocked_clients'),
      limit: figure(info, 'maxclients'),
    },
    persistence: persistenceOf(info),
    replication: { replicas: replicasOf(info), primary: primaryOf(info) },
    capabilities: results.map(
      ({ need, allowed }): Capability => ({
        name: need.name,
        allowed,
        purpose: need.purpose,
        remedy: allowed ? undefined : `Grant ${need.grant} to this account (ACL SETUSER).`,
      }),
    ),
  }
  return { ...reading, troubles: redisTroubles(reading) }
}

/** A command that the account may lack. Only a refusal says something about the account; any other failure is the server's. */
export async function permitted(
  redis: Redis,
  name: string,
  args: string[],
): Promise<{ allowed: boolean; answer?: unknown }> {
  const [command = '', ...sub] = name.toLowerCase().split(' ')
  try {
    return { allowed: true, answer: await redis.call(command, ...sub, ...args) }
  } catch (error) {
    if (/NOPERM|unknown (sub)?command|not allowed/i.test((error as Error).message)) return { allowed: false }
    throw error
  }
}

function pairsOf(answer: unknown): Info {
  if (!Array.isArray(answer)) return {}
  return Object.fromEntries(
    answer.flatMap((value, at) => (at % 2 === 0 ? [[String(value), String(answer[at + 1])]] : [])),
  )
}

function serverOf(info: Info) {
  return {
    version: info.redis_version,
    mode: info.redis_mode,
    role: info.role,
    uptimeSeconds: figure(info, 'uptime_in_seconds'),
    keys: info.redis_version === undefined ? undefined : keysOf(info),
    hits: figure(info, 'keyspace_hits'),
    misses: figure(info, 'keyspace_misses'),
    evicted: figure(info, 'evicted_keys'),
    expired: figure(info, 'expired_keys'),
    rejectedConnections: figure(info, 'rejected_connections'),
    commandsPerSecond: figure(info, 'instantaneous_ops_per_sec'),
  }
}

function memoryOf(info: Info, config: Info): RedisReading['memory'] {
  return {
    used: figure(info, 'used_memory'),
    peak: figure(info, 'used_memory_peak'),
    resident: figure(info, 'used_memory_rss'),
    limit: figure(info, 'maxmemory') ?? figure(config, 'maxmemory'),
    policy: config['maxmemory-policy'] ?? info.maxmemory_policy,
    fragmentation: figure(info, 'mem_fragmentation_ratio'),
  }
}

function persistenceOf(info: Info): RedisReading['persistence'] {
  if (info.rdb_last_bgsave_status === undefined) return {}
  const savedAt = figure(info, 'rdb_last_save_time')
  return {
    loading: info.loading === '1',
    rdb: {
      savedAt: savedAt === undefined ? undefined : savedAt * 1000,
      failed: info.rdb_last_bgsave_status === 'err',
      changesSince: figure(info, 'rdb_changes_since_last_save'),
    },
    aof: { enabled: info.aof_enabled === '1', failed: info.aof_last_write_status === 'err' },
  }
}

function primaryOf(info: Info): RedisReading['replication']['primary'] {
  if (info.role !== 'slave') return undefined
  return {
    address: `${info.master_host}:${info.master_port}`,
    up: info.master_link_status === 'up',
    silentForSeconds: figure(info, 'master_last_io_seconds_ago'),
  }
}
