import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { redisUrl } from '../testing/servers.ts'
import type { BreakerStore, BreakerTransition } from './index.ts'
import { createBreakerRegistry, fileBreakerStore, redisBreakerStore } from './index.ts'
import { hold, manualClock } from './resilience.contract.ts'

const OPTIONS = {
  name: 'payments',
  policy: { kind: 'consecutive', failures: 2 },
  halfOpenAfterMs: 1_000,
  keepState: true,
} as const

type Clock = ReturnType<typeof manualClock>

/** A process: its registry, its breaker, and a clock whose monotonic part starts at 0 in each. */
function start(store: BreakerStore, clock: Clock = manualClock()) {
  const registry = createBreakerRegistry({ clock, store })
  const transitions: BreakerTransition[] = []
  registry.onTransition(transition => transitions.push(transition))
  const breaker = registry.create(OPTIONS)
  const fail = () => breaker.execute(() => Promise.reject(new Error('down'))).catch(() => undefined)
  const trip = async () => {
    await fail()
    await fail()
  }
  return { clock, registry, breaker, transitions, fail, trip }
}

/** In memory, where a test sees and directs what is read and written. */
function memoryStore() {
  const states = new Map<string, string>()
  const store = {
    states,
    read: vi.fn<BreakerStore['read']>(async name => states.get(name)),
    write: vi.fn<BreakerStore['write']>(async (name, state) => void states.set(name, state)),
  }
  return store
}

describe('an open breaker', () => {
  test('is open again after a restart, since when it was, until its probe is due', async () => {
    const store = memoryStore()
    const first = start(store)
    await first.registry.restored()
    await first.trip()
    const { computed, tripped, probeAt } = first.breaker.report()
    await expect.poll(() => store.states.get('payments')).toContain('"open"')

    const later = manualClock(first.clock.now() + 400)
    const second = start(store, later)
    await second.registry.restored()
    expect(second.breaker.report()).toMatchObject({ effective: 'open', computed, tripped, probeAt })
    expect(second.breaker.report().totals.opened).toBe(0)
    expect(second.transitions).toMatchObject([{ from: 'closed', to: 'open', cause: 'restored' }])
    await expect(second.breaker.execute(() => 1)).rejects.toMatchObject({ retryAfterMs: 600 })
    later.advance(600)
    await second.breaker.execute(() => 1)
    expect(second.breaker.state).toBe('closed')
    await expect.poll(() => store.states.get('payments')).toContain('"closed"')
    const third = start(store)
    await third.registry.restored()
    expect(third.breaker.state).toBe('closed')
  })

  test('whose probe came due while no process ran lets the next call be the probe', async () => {
    const store = memoryStore()
    const first = start(store)
    await first.trip()
    await expect.poll(() => store.states.size).toBe(1)
    const { breaker, registry, fail } = start(store, manualClock(first.clock.now() + 86_400_000))
    await registry.restored()
    expect(breaker.state).toBe('open')
    await fail()
    expect(breaker.report()).toMatchObject({ effective: 'open', totals: { failures: 1, opened: 1 } })
    await expect(breaker.execute(() => 1)).rejects.toMatchObject({ retryAfterMs: 1_000 })
  })

  test('waits no longer than declared when the wall clock has jumped back', async () => {
    const store = memoryStore()
    const first = start(store)
    await first.trip()
    await expect.poll(() => store.states.size).toBe(1)
    const { breaker, registry } = start(store, manualClock(first.clock.now() - 3_600_000))
    await registry.restored()
    await expect(breaker.execute(() => 1)).rejects.toMatchObject({ retryAfterMs: 1_000 })
  })

  test('is kept with the probe time of a changed policy, and closed when it is reset', async () => {
    const store = memoryStore()
    const first = start(store)
    await first.trip()
    first.breaker.changePolicy({ id: '1', by: 'ada', reason: 'r', halfOpenAfterMs: 9_000 })
    await expect.poll(() => store.states.get('payments')).toContain(`"probeAt":${first.clock.now() + 9_000}`)
    const second = start(store, manualClock(first.clock.now()))
    await second.registry.restored()
    await expect(second.breaker.execute(() => 1)).rejects.toMatchObject({ retryAfterMs: 9_000 })
    first.breaker.reset()
    await expect.poll(() => store.states.get('payments')).toContain('"closed"')
  })
})

describe('a process that starts', () => {
  test('lets calls through until the store has answered, and what they found out wins', async () => {
    const store = memoryStore()
    const earlier = start(store)
    await earlier.trip()
    await expect.poll(() => store.states.size).toBe(1)
    const kept = store.states.get('payments')
    const answer = Promise.withResolvers<string | undefined>()
    store.read.mockImplementationOnce(() => answer.promise)
    const { breaker, registry, transitions } = start(store)
    expect(await breaker.execute(() => 1)).toBe(1)
    breaker.reset()
    answer.resolve(kept)
    await registry.restored()
    expect(breaker.state).toBe('closed')
    expect(transitions.map(({ cause }) => cause)).toEqual(['reset'])
  })

  test('has the kept state under an operator’s hold', async () => {
    const store = memoryStore()
    await start(store).trip()
    await expect.poll(() => store.states.size).toBe(1)
    const { breaker, registry } = start(store)
    breaker.force(hold({ state: 'closed' }))
    await registry.restored()
    expect(breaker.report()).toMatchObject({ effective: 'closed', computed: { state: 'open' } })
    breaker.release()
    expect(breaker.state).toBe('open')
  })

  test('without keepState reads and writes nothing; keepState without a store is refused', async () => {
    const store = memoryStore()
    const registry = createBreakerRegistry({ store })
    const breaker = registry.create({ ...OPTIONS, keepState: false })
    for (let i = 0; i < 2; i++) await breaker.execute(() => Promise.reject(new Error('down'))).catch(() => undefined)
    expect(breaker.state).toBe('open')
    await registry.restored()
    expect(store.read).not.toHaveBeenCalled()
    expect(store.write).not.toHaveBeenCalled()
    expect(() => createBreakerRegistry().create(OPTIONS)).toThrow(expect.objectContaining({ code: 'BREAKER_OPTIONS' }))
  })
})

describe('a store that fails', () => {
  let warned: ReturnType<typeof vi.spyOn>
  beforeEach(() => {
    warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
  })
  afterEach(() => warned.mockRestore())

  test('is a warning once, and no call waits for it', async () => {
    const store = memoryStore()
    store.read.mockRejectedValue(new Error('no store'))
    store.write.mockImplementation(() => new Promise(() => undefined))
    const { breaker, registry, trip } = start(store)
    await registry.restored()
    await trip()
    breaker.reset()
    await trip()
    expect(breaker.state).toBe('open')
    expect(store.write).toHaveBeenCalledTimes(1)
    expect(warned).toHaveBeenCalledTimes(1)
    expect(warned).toHaveBeenCalledWith(expect.stringContaining('no store'), 'BreakerStoreWarning')
  })

  test('has the latest state once it works again', async () => {
    const store = memoryStore()
    const failing = Promise.withResolvers<void>()
    store.write.mockImplementationOnce(() => failing.promise)
    const { breaker, trip } = start(store)
    await trip()
    breaker.reset()
    await trip()
    failing.reject(new Error('full'))
    await expect.poll(() => store.states.get('payments')).toContain('"open"')
    expect(store.write).toHaveBeenCalledTimes(2)
    expect(warned).toHaveBeenCalledTimes(1)
  })

  test.each(['no JSON', 'null', '{"v":2,"state":"open"}', '{"v":1,"state":"open","since":"yesterday"}'])(
    'or has what it should not (%s) starts the breaker closed',
    async text => {
      const store = memoryStore()
      store.states.set('payments', text)
      const { breaker, registry } = start(store)
      await registry.restored()
      expect(breaker.state).toBe('closed')
      expect(warned).toHaveBeenCalledTimes(1)
    },
  )
})

describe('the file store', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'substation-breakers-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  test('keeps the states of several breakers for the next process', async () => {
    const path = join(folder, 'of', 'my-service.json')
    const store = fileBreakerStore(path)
    expect(await store.read('a')).toBeUndefined()
    await Promise.all([store.write('a', '1'), store.write('constructor', '2'), store.write('a', '3')])
    const next = fileBreakerStore(path)
    expect(await next.read('a')).toBe('3')
    expect(await next.read('constructor')).toBe('2')
    expect(await next.read('toString')).toBeUndefined()
  })

  test('restores a breaker', async () => {
    const path = join(folder, 'breakers.json')
    await start(fileBreakerStore(path)).trip()
    await expect.poll(() => readFile(path, 'utf8').catch(String)).toContain('probeAt')
    const { breaker, registry } = start(fileBreakerStore(path))
    await registry.restored()
    expect(breaker.state).toBe('open')
  })

  test.each(['{', '7'])('rejects a file that is damaged (%s), and replaces it with the next write', async text => {
    const path = join(folder, 'breakers.json')
    await writeFile(path, text)
    const store = fileBreakerStore(path)
    await expect(store.read('a')).rejects.toThrow()
    await store.write('a', '1')
    expect(await fileBreakerStore(path).read('a')).toBe('1')
  })

  test('rejects where nothing can be written, and again works where it can', async () => {
    const path = join(folder, 'taken')
    await writeFile(path, '')
    const store = fileBreakerStore(join(path, 'breakers.json'))
    await expect(store.write('a', '1')).rejects.toThrow()
    await rm(path)
    await store.write('a', '2')
    expect(await store.read('a')).toBe('2')
  })
})

describe('the Redis store', () => {
  test('keeps a key for each breaker, with an expiry, and restores a breaker', async () => {
    const redis = new Redis(redisUrl())
    const prefix = `breakers:${crypto.randomUUID()}:`
    try {
      await start(redisBreakerStore(redis, { prefix })).trip()
      await expect.poll(() => redis.get(`${prefix}payments`)).toContain('"open"')
      expect(await redis.pttl(`${prefix}payments`)).toBeGreaterThan(6 * 86_400_000)
      const { breaker, registry } = start(redisBreakerStore(redis, { prefix }))
      await registry.restored()
      expect(breaker.state).toBe('open')
      expect(await redisBreakerStore(redis).read(crypto.randomUUID())).toBeUndefined()
    } finally {
      await redis.del(`${prefix}payments`)
      redis.disconnect()
    }
  })
})
