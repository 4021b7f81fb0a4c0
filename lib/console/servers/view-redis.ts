import { Redis } from 'ioredis'
import { LOADING_RETRY_MS } from '../../core/redis-loading.ts'

/** A connection for views: an answer in time or an error, never a queue behind a server that is down. */
export function openViewRedis(url: string, name: string, commandTimeout = 1_500): Redis {
  const redis = new Redis(url, {
    connectionName: `substation-console:${name}`,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 1_500,
    commandTimeout,
    maxLoadingRetryTime: LOADING_RETRY_MS,
    retryStrategy: attempt => Math.min(200 * attempt, 1_000),
  })
  // The parts of a view report what is down; without a listener ioredis prints every attempt.
  redis.on('error', error => troubles.set(redis, error))
  redis.on('ready', () => troubles.delete(redis))
  return redis
}

/** Why a connection was last lost or refused: the error of a command on a closed one only says that it is closed. */
const troubles = new WeakMap<Redis, unknown>()

function closed(redis: Redis): Error {
  return Object.assign(new Error('connection is closed', { cause: troubles.get(redis) }), { code: 'CONNECTION_CLOSED' })
}

/** The most keys in one command: one of many thousands would hold up everyone else on that Redis. */
const CHUNK = 500

/** The values of any number of keys, in their order. */
export async function readMany(redis: Redis, names: readonly string[]): Promise<(string | null)[]> {
  const chunks: Promise<(string | null)[]>[] = []
  for (let at = 0; at < names.length; at += CHUNK) chunks.push(redis.mget(names.slice(at, at + CHUNK)))
  return chunks.length === 1 && chunks[0] ? chunks[0] : (await Promise.all(chunks)).flat()
}

/** Redis' own clock, in ms. */
export async function redisTime(redis: Redis): Promise<number> {
  const [seconds, micros] = await redis.time()
  return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000)
}

/** Waits for a connection that is being made; rejects at once for one that is down, and after `ms` in any case. */
export async function whenReady(redis: Redis, ms = 1_500): Promise<void> {
  if (redis.status === 'ready') return
  if (redis.status === 'reconnecting' || redis.status === 'end' || redis.status === 'close') throw closed(redis)
  await new Promise<void>((resolve, reject) => {
    const settle = (error?: Error) => {
      clearTimeout(timer)
      redis.off('ready', onReady)
      redis.off('error', settle)
      redis.off('close', onClose)
      if (error) reject(error)
      else resolve()
    }
    const onReady = () => settle()
    const onClose = () => settle(closed(redis))
    const timer = setTimeout(
      () => settle(Object.assign(new Error('timed out', { cause: troubles.get(redis) }), { code: 'ETIMEDOUT' })),
      ms,
    )
    redis.once('ready', onReady)
    redis.once('error', settle)
    redis.once('close', onClose)
  })
}
