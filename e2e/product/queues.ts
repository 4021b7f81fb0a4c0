import { Redis } from 'ioredis'
import { product } from './product.ts'

/** The address of a queue's sheet. */
export const address = (queue: string, more = '') => `queues?server=fleet&queue=${encodeURIComponent(queue)}${more}`

/** Takes a queue of a journey away, so that no other meets it. */
export async function forget(key: string) {
  const redis = new Redis(product().redisUrl)
  const pattern = `${key.replace(/[\\*?[\]^-]/g, '\\$&')}:*`
  for await (const keys of redis.scanStream({ match: pattern, count: 1_000 }))
    if (keys.length > 0) await redis.unlink(...keys)
  redis.disconnect()
}
