/**
 * A service of the fleet with one cache, memory before Redis, by the library's public entry points. What its origin would
 * answer is known by who asks.
 */
import { createCacheRegistry } from 'substation/cache'
import { readConfig } from 'substation/config'
import { fleetConfig, joinFleet } from 'substation/fleet'
import { answerAsProgram } from '../../lib/infrastructure/testing/program.ts'

const { fleet } = readConfig({ fleet: fleetConfig }, process.env)
const [name = '', redisUrl = ''] = process.argv.slice(2)
// It asks Redis so seldom that it learns of an invalidation by message or by command, or not at all.
const caches = createCacheRegistry({ redisUrl, ttlMs: 600_000 }, { checkEveryMs: 600_000 })
const cache = await caches.create({ name })
const { service = 'shelf', instance = 'shelf-1', ...membership } = fleet
const member = joinFleet({ ...membership, service, instance, caches })
await member.start()

const hits = () => cache.report().stats[0]?.hits ?? 0
let finish = () => {}
let making: Promise<unknown> | undefined

answerAsProgram<{ key: string; value: string; product?: string }>(
  {
    report: () => cache.report(),
    set: ({ key, value, product }) =>
      cache.set(key, value, product === undefined ? {} : { entity: ['product', product] }),
    async get({ key }) {
      const before = hits()
      const value = await cache.get(key)
      return { value, fromMemory: hits() > before }
    },
    getOrSet: ({ key, value }) => cache.getOrSet(key, () => value),
    /** Begins to make a value, and has it made only at `finish`, which answers what the caller got. */
    begin: ({ key, value }) =>
      new Promise<void>(begun => {
        making = cache.getOrSet(key, async () => {
          begun()
          await new Promise<void>(done => {
            finish = done
          })
          return value
        })
      }),
    finish() {
      finish()
      return making
    },
  },
  async () => {
    await member.stop()
    await caches.close()
  },
)
