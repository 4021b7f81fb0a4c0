import { Redis } from 'ioredis'
import { measure } from '../harness/program.ts'
import { CLIENTS, type Heard, measurement, timeEvents } from './arrivals.ts'
import { CHANNEL } from './transitions.ts'

const WARM = 20
const COUNTED = 100

measure<{ redisUrl: string }>(async ({ redisUrl }, ask) => {
  const subscribers = await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      const redis = new Redis(redisUrl)
      const heard: Heard = []
      redis.on('message', () => heard.push(process.hrtime.bigint()))
      await redis.subscribe(CHANNEL)
      return { redis, heard }
    }),
  )
  const heard = subscribers.map(subscriber => subscriber.heard)
  const cause = () => ask('publish') as Promise<string>
  await timeEvents(heard, WARM, cause)
  const taken = await timeEvents(heard, COUNTED, cause)
  for (const { redis } of subscribers) redis.disconnect()
  return measurement(taken)
})
