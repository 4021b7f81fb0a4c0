import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { newId } from '../../../../core/ids.ts'
import { busThatLoses } from '../../../../infrastructure/testing/losing-bus.ts'
import { redisUrl } from '../../../../infrastructure/testing/servers.ts'
import type { Console } from '../../../open.ts'
import type { Settings } from '../../../platform/settings/port.ts'
import { startCacheProcess } from '../../../testing/cache-process.ts'
import { actorOf, openTestConsole } from '../../../testing/open-test-console.ts'
import { testServers } from '../../../testing/test-servers.ts'
import { cacheKeyCopiesView } from './cache-key-copies.ts'

const servers = testServers()
const { redis } = servers
let settings: Settings
let console: Console
let closing: (() => unknown)[]
let cache: string

beforeEach(async () => {
  settings = servers.settings()
  console = await openTestConsole(settings)
  cache = `cache-${newId()}`
  closing = []
})
afterEach(async () => {
  for (const close of closing.toReversed()) await close()
  await console.close()
})

async function start(options: Partial<Parameters<typeof startCacheProcess>[1]>) {
  const started = await startCacheProcess(settings, { cache, ...options })
  closing.push(() => started.stop())
  await vi.waitFor(() => expect(started.cache.report().bus).toBe('listening'))
  return started.cache
}

async function look(key: string, processes: number) {
  return vi.waitFor(
    async () => {
      const asked = { cache, key }
      const environment = settings.environments[0]?.name ?? ''
      const { shared, copies } = (await console.view(cacheKeyCopiesView, environment, actorOf('operator'), asked)).data
      if (shared?.status !== 'up' || copies?.status !== 'up') throw new Error('it could not be compared')
      expect(copies.data.total).toBe(processes)
      return {
        shared: shared.data,
        of: (instance: string) => copies.data.processes.find(one => one.instance === instance),
      }
    },
    { timeout: 8_000 },
  )
}

test('each process says whether its copy is the one in Redis: the same, an older one that it still serves, or none', async () => {
  const wire = await busThatLoses(redisUrl())
  closing.push(() => void wire.close())
  const a = await start({ instance: 'a' })
  const deaf = await start({ instance: 'deaf', redisUrl: wire.url, checkEveryMs: 600_000 })
  await start({ instance: 'without' })
  await a.set('product:7', { price: 1 })
  expect(await deaf.get('product:7')).toEqual({ price: 1 })
  const before = await look('product:7', 3)
  expect(before.shared).toMatchObject({ kept: true, copy: { letter: 'A', bytes: 11 } })
  expect(before.of('deaf')).toMatchObject({ says: 'same', copy: { letter: 'A' } })
  expect(before.of('without')).toMatchObject({ says: 'absent' })

  wire.lose()
  await a.set('product:7', { price: 2 })
  const counted = deaf.report().stats
  // One answer serves everyone for a second.
  const after = await vi.waitFor(
    async () => {
      const looked = await look('product:7', 3)
      expect(looked.of('deaf')).toMatchObject({ says: 'older', copy: { letter: 'B' } })
      return looked
    },
    { timeout: 8_000 },
  )
  expect(after.of('a')).toMatchObject({ says: 'same', copy: { letter: 'A' } })
  expect(after.of('deaf')?.unserved).toBeUndefined()
  // It asked and changed nothing: no lookup was counted, and what was absent still is.
  expect(deaf.report().stats).toEqual(counted)
  expect(await deaf.get('product:7')).toEqual({ price: 1 })
  expect(JSON.stringify(after)).not.toContain('price')
})

test('a process that does not answer is named as silent, and what Redis no longer has is in memory only', async () => {
  const a = await start({ instance: 'a' })
  await start({ instance: 'other-key', fleetKey: 'another-key-that-is-long-enough-to-sign' })
  await a.set('product:7', 'x')
  await redis.del(...(await redis.keys(`{${cache}}:g*:product:7`)))
  const { shared, of } = await look('product:7', 2)
  expect(shared).toEqual({ kept: true })
  expect(of('a')).toMatchObject({ says: 'only-here', copy: { bytes: 3 } })
  expect(of('other-key')).toEqual({
    process: expect.any(String),
    instance: 'other-key',
    service: 'catalogue',
    says: 'silent',
  })
})
