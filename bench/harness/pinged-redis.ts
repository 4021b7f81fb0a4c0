import { Redis } from 'ioredis'
import { openPinger } from './pinger.ts'
import { benchRedis } from './servers.ts'

/** A Redis that is pinged while programs work it. */
export async function pingedRedis(closing: (end: () => Promise<void> | void) => void) {
  const server = await benchRedis()
  closing(server.stop)
  const redis = new Redis(server.url, { maxRetriesPerRequest: null })
  const pinger = openPinger(server.url)
  closing(() => {
    redis.disconnect()
    pinger.close()
  })
  return { url: server.url, redis, pinger }
}
