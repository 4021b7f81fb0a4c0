import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { newId } from '../../core/ids.ts'
import { createBreakerRegistry } from '../resilience/index.ts'
import { redisUrl } from '../testing/servers.ts'
import { redisLayer } from './adapters/redis.ts'
import { SharedAccess } from './shared-access.ts'

test('an invalidation that waits is kept once; too many become one of everything, which is sent first', async () => {
  const redis = new Redis(redisUrl())
  const layer = redisLayer(redis, `t-${newId()}`)
  const policy = { kind: 'consecutive', failures: 3 } as const
  const access = new SharedAccess(layer, createBreakerRegistry().create({ name: 'c', policy, halfOpenAfterMs: 1_000 }))
  const entry = { key: 'a', payload: '1', softMs: 60_000, hardMs: 60_000, goneMs: 60_000, tags: [], madeInMs: 0 }
  await layer.write(entry)
  for (let at = 0; at < 1_000; at++) access.remember({ by: 'key', key: `k${at}` })
  access.remember({ by: 'key', key: 'k0' })
  expect(access.pending).toBe(1_000)
  access.remember({ by: 'key', key: 'one more' })
  expect(access.pending).toBe(1)
  expect((await access.call(shared => shared.read(['a']))).entries).toEqual([undefined])
  expect(access.pending).toBe(0)
  redis.disconnect()
})
