import { Redis } from 'ioredis'
import { pinged } from '../harness/pinged.ts'
import { measure } from '../harness/program.ts'

interface DiscoveryInput {
  redisUrl: string
  queues: number
}

/** Times one search for all queues; throws when it missed one. */
export function measureFinding(find: (redis: Redis) => Promise<number>): void {
  measure<DiscoveryInput>(async ({ redisUrl, queues }, ask) => {
    const redis = new Redis(redisUrl)
    let found = 0
    const measured = await pinged(ask, async () => {
      found = await find(redis)
    })
    redis.disconnect()
    if (found !== queues) throw new Error(`found ${found} of ${queues} queues`)
    return measured
  })
}
