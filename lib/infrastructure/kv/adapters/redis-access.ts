import type { Cluster, Redis } from 'ioredis'
import { LOADING_RETRY_MS } from '../../../core/redis-loading.ts'
import { scriptSha } from '../../../core/redis-script.ts'
import { withinTime } from '../../../core/time-limit.ts'

export type Argument = string | number | Buffer

/** A Redis for scripts that keep what must not get lost: a call waits for the connection, and fails after a time. */
export interface RedisAccess {
  /** `slot` is the key that decides the node of a Cluster. The script's text is sent only when Redis does not have it yet. */
  run<T>(script: string, slot: string, ...args: Argument[]): Promise<T>
  /** Ends a connection that was opened here. */
  close(): void
}

/** Over a connection that was passed in, which stays open, or over one of its own. Rejects when ioredis is not installed. */
export async function redisAccess(
  from: { url: string } | { redis: Redis | Cluster },
  timeoutMs: number,
): Promise<RedisAccess> {
  const own = 'url' in from
  const redis = own ? await open(from.url) : from.redis

  /** Why there was no connection when it was last tried, such as a wrong password. */
  let failure: Error | undefined
  let becoming: Promise<void> | undefined
  if (own)
    redis
      .on('ready', () => {
        failure = undefined
      })
      .on('error', error => {
        failure = error
      })

  function ready(): Promise<void> {
    becoming ??= new Promise(resolve => {
      redis.once('ready', () => {
        becoming = undefined
        resolve()
      })
    })
    return becoming
  }

  async function send<T>(script: string, slot: string, args: Argument[], givenUp: () => boolean): Promise<T> {
    // A restart or a failover takes a moment, for which ioredis would refuse at once.
    if (own && redis.status !== 'ready') await ready()
    if (givenUp()) return undefined as T
    try {
      return (await redis.evalsha(scriptSha(script), 1, slot, ...args)) as T
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
      return (await redis.eval(script, 1, slot, ...args)) as T
    }
  }

  return {
    async run<T>(script: string, slot: string, ...args: Argument[]) {
      let over = false
      const call = send<T>(script, slot, args, () => over)
      try {
        return await withinTime(call, timeoutMs)
      } catch (error) {
        throw own && redis.status !== 'ready' ? (failure ?? error) : error
      } finally {
        over = true
      }
    },
    close() {
      if (own) redis.disconnect()
    },
  }
}

async function open(url: string): Promise<Redis> {
  const { Redis } = await import('ioredis')
  return new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 5_000,
    maxLoadingRetryTime: LOADING_RETRY_MS,
    retryStrategy: times => Math.min(1_000, 50 * 2 ** Math.min(times, 5)),
  })
}
