import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../../core/ids.ts'
import { openQueueServer } from '../../../infrastructure/queue/index.ts'
import { redisUrl } from '../../../infrastructure/testing/servers.ts'
import { queueRates } from './rates.ts'

let redis: Redis
beforeAll(() => {
  redis = new Redis(redisUrl())
})
afterAll(() => redis.disconnect())

test('a stream that was trimmed past the cursor makes the rate unknown, until it can be measured again', async () => {
  const queue = { prefix: `t-${newId()}`, name: 'mail' }
  const key = `${queue.prefix}:mail`
  const rates = queueRates(openQueueServer(redis))
  const measure = () => rates.measure([{ ...queue, key }], AbortSignal.timeout(5_000))
  let at = 1_000
  const complete = async (count: number) => {
    for (const end = at + count; at < end; at++) await redis.xadd(`${key}:events`, `${at}-0`, 'event', 'completed')
  }
  await complete(5)
  await measure()
  await complete(20)
  await redis.xtrim(`${key}:events`, 'MAXLEN', 10)
  await measure()
  expect(rates.of(key)).toEqual({ known: false, reason: 'Its events are trimmed before they can be counted.' })
  await complete(5)
  await measure()
  expect(rates.of(key)).toMatchObject({ known: true, value: { completed: expect.any(Number), failed: 0 } })
})
