import { Redis } from 'ioredis'
import { openQueueServer } from '../../lib/infrastructure/queue/index.ts'
import { pinged } from '../harness/pinged.ts'
import { measure } from '../harness/program.ts'
import { NAME, PREFIX } from '../replay/seed.ts'
import { checked, type SearchInput, wantedOf } from './found.ts'

/** The steps of the console's search, one after another: one for a value of the payload, and before it one that any job meets. */
measure<SearchInput>(async ({ redisUrl, count }, ask) => {
  const redis = new Redis(redisUrl)
  const server = openQueueServer(redis)
  const queue = { prefix: PREFIX, name: NAME }
  const step = (is: '=' | '~', text: string, from?: string) =>
    server.searchNext(queue, {
      state: 'failed',
      condition: { test: 'json', field: 'data', path: ['order'], is, value: { text, quoted: true } },
      largest: 5_242_880,
      ...(from === undefined ? {} : { from }),
    })
  const began = performance.now()
  await step('~', 'order')
  const firstAfter = performance.now() - began
  const found: string[] = []
  const measured = await pinged(ask, async () => {
    let from: string | undefined
    do {
      const { jobs, next } = await step('=', wantedOf(count), from)
      found.push(...jobs.map(({ id }) => id))
      from = next
    } while (from !== undefined)
  })
  redis.disconnect()
  return checked(measured, found, firstAfter)
})
