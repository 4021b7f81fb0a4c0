import { Redis } from 'ioredis'
import type { Pings } from '../harness/pinger.ts'
import { measure } from '../harness/program.ts'
import { NAMESPACE, PATTERN, SOME } from './keys.ts'

/** Seconds of what one would write without a library: SCAN for the pattern, UNLINK for what each step finds. */
measure<{ redisUrl: string }>(async ({ redisUrl }, ask) => {
  const redis = new Redis(redisUrl)
  const generation = await redis.hget(`{${NAMESPACE}}:meta`, 'g')
  await ask('ping')
  const began = performance.now()
  let deleted = 0
  const match = `{${NAMESPACE}}:g${generation}:${PATTERN}`
  for await (const keys of redis.scanStream({ match, count: 1_000 }) as AsyncIterable<string[]>)
    if (keys.length > 0) deleted += await redis.unlink(...keys)
  const value = (performance.now() - began) / 1_000
  const pings = (await ask('stop pinging')) as Pings
  redis.disconnect()
  if (deleted !== SOME) throw new Error(`${deleted} keys were removed, not ${SOME}`)
  return { value, extra: { pingP99: pings.p99 } }
})
