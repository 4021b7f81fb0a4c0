import fc from 'fast-check'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { systemClock } from '../../core/clock.ts'
import { newId } from '../../core/ids.ts'
import { createBreakerRegistry } from '../resilience/index.ts'
import { redisUrl } from '../testing/servers.ts'
import { memoryLayer } from './adapters/memory.ts'
import { redisLayer } from './adapters/redis.ts'
import { redisBus } from './adapters/redis-bus.ts'
import { jsonCodec } from './codec.ts'
import { Engine } from './engine.ts'
import { matcherOf } from './invalidations.ts'
import { LayeredCache } from './layered-cache.ts'
import type { Bus } from './layers.ts'
import { Packing } from './packing.ts'
import type { Cache, InvalidationTarget, SetOptions } from './port.ts'
import { SharedAccess } from './shared-access.ts'

const KEYS = ['p:1', 'u:1'] as const
type Key = (typeof KEYS)[number]
const TAGS: Record<Key, string[]> = { 'p:1': ['shoes'], 'u:1': ['shoes', 'new'] }
const entityOf = (key: Key) => key.split(':') as [string, string]

type Fate = 'deliver' | 'drop' | 'double' | 'delay'
type Side = 0 | 1
type Act =
  | { do: 'get'; side: Side; key: Key }
  | { do: 'getOrSet'; side: Side; key: Key; life: number; fails: boolean; held: boolean; settles: boolean }
  | { do: 'set'; side: Side; key: Key; life: number }
  | { do: 'invalidate'; side: Side; where: InvalidationTarget }
  | { do: 'acknowledge'; side: Side }
  | { do: 'release' }
  | { do: 'messages' }

/** Long, at once stale, and at once past its time but in its grace. */
const LIVES: SetOptions[] = [{}, { softTtlMs: 0 }, { ttlMs: 1, graceMs: 60_000 }]

const side = fc.constantFrom<Side>(0, 1)
const key = fc.constantFrom(...KEYS)
const life = fc.nat({ max: LIVES.length - 1 })
const where = fc.constantFrom<InvalidationTarget>(
  ...KEYS.map(one => ({ by: 'key', key: one }) as const),
  { by: 'pattern', pattern: 'p:*' },
  { by: 'tag', tag: 'new' },
  { by: 'entity', type: 'p', id: 1 },
  { by: 'all' },
)
const getOrSet = fc.record({
  do: fc.constant('getOrSet' as const),
  side,
  key,
  life,
  fails: fc.boolean(),
  held: fc.boolean(),
  settles: fc.boolean(),
})
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: getOrSet },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('invalidate' as const), side, where }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('get' as const), side, key }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('set' as const), side, key, life }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('acknowledge' as const), side }) },
  { weight: 1, arbitrary: fc.constantFrom<Act>({ do: 'release' }, { do: 'messages' }) },
)
const fates = fc.array(fc.constantFrom<Fate>('deliver', 'drop', 'double', 'delay'), { minLength: 1, maxLength: 12 })

let redis: Redis
let bus: Bus & { close(): void }
beforeAll(async () => {
  redis = new Redis(redisUrl())
  bus = redisBus(redis.duplicate())
})
afterAll(() => {
  bus.close()
  redis.disconnect()
})

/** A bus whose messages meet these fates, one after the other. */
function unreliable(fates: readonly Fate[]) {
  let at = 0
  let delayed: (() => void)[] = []
  const lossy: Bus = {
    listen: (namespace, handlers) =>
      bus.listen(namespace, {
        ...handlers,
        onMessage(message) {
          const fate = fates[at++ % fates.length]
          if (fate === 'delay') delayed.push(() => handlers.onMessage(message))
          if (fate === 'deliver' || fate === 'double') handlers.onMessage(message)
          if (fate === 'double') handlers.onMessage(message)
        },
      }),
  }
  return {
    bus: lossy,
    /** Delivers what was delayed, the last first. */
    arrive() {
      for (const deliver of delayed.splice(0).reverse()) deliver()
      delayed = []
    },
  }
}

async function openCache(namespace: string, through: Bus): Promise<Cache> {
  const packing = new Packing(jsonCodec)
  const breaker = createBreakerRegistry().create({
    name: 'c',
    policy: { kind: 'consecutive', failures: 3 },
    halfOpenAfterMs: 5_000,
  })
  const engine = new Engine({
    name: 'c',
    namespace,
    clock: systemClock,
    local: memoryLayer({ max: 100 }),
    shared: new SharedAccess(redisLayer(redis, namespace, packing), breaker),
    bus: through,
    policy: { ttlMs: 60_000 },
    leaseMs: 1_000,
    packing,
    checkEveryMs: 60_000,
  })
  const cache = new LayeredCache(engine)
  await vi.waitFor(() => expect(cache.report().bus).toBe('listening'), { interval: 1 })
  return cache
}

/** Two caches before one origin, whose values are versions: what a cache may still serve is known by what it has acknowledged. */
class World {
  readonly #namespace = `t-${newId()}`
  readonly #origin: Record<Key, number> = { 'p:1': 1, 'u:1': 1 }
  /** Changes of the origin that were announced, each with the epoch by which it is known. */
  readonly #changes: { key: Key; version: number; epoch: number; known: Set<Side> }[] = []
  readonly #calls: Promise<void>[] = []
  readonly #served: string[] = []
  readonly #held: (() => void)[] = []
  #last: { where: InvalidationTarget; epoch: number } | undefined
  readonly #buses: ReturnType<typeof unreliable>[]
  #caches: Cache[] = []

  constructor(fates: readonly [Fate[], Fate[]]) {
    this.#buses = fates.map(unreliable)
  }

  async open() {
    this.#caches = await Promise.all(this.#buses.map(one => openCache(this.#namespace, one.bus)))
  }

  async act(act: Act): Promise<void> {
    if (act.do === 'release') for (const release of this.#held.splice(0)) release()
    else if (act.do === 'messages') for (const one of this.#buses) one.arrive()
    else {
      const cache = this.#caches[act.side] as Cache
      if (act.do === 'get') this.#expect(act.side, act.key, cache.get<number>(act.key))
      else if (act.do === 'getOrSet') await this.#getOrSet(cache, act)
      else if (act.do === 'acknowledge') await this.#acknowledge(act.side, cache)
      else await this.#change(cache, act)
    }
    await new Promise(resolve => setImmediate(resolve))
  }

  /** Everything that is under way ends; then every cache acknowledges all, and has nothing old. */
  async end() {
    for (const one of this.#buses) one.arrive()
    await this.act({ do: 'release' })
    const released = setInterval(() => void this.act({ do: 'release' }), 1)
    await Promise.all(this.#calls)
    clearInterval(released)
    for (const at of [0, 1] as const) {
      const cache = this.#caches[at] as Cache
      for (const one of KEYS) await cache.get(`${one} unrelated`)
      const epoch = Number(await redis.hget(`{${this.#namespace}}:meta`, 'e'))
      await vi.waitFor(() => expect(cache.report().epoch).toBe(epoch), { interval: 5, timeout: 5_000 })
      for (const one of KEYS) this.#expect(at, one, cache.get<number>(one))
    }
    await Promise.all(this.#calls)
    expect(this.#served).toEqual([])
  }

  close = () => Promise.all(this.#caches.map(cache => cache.close()))

  async #getOrSet(cache: Cache, { side, key, life, fails, held, settles }: Extract<Act, { do: 'getOrSet' }>) {
    const begun = Promise.withResolvers<void>()
    const factory = async () => {
      begun.resolve()
      const version = this.#origin[key]
      if (held) await new Promise<void>(resolve => this.#held.push(resolve))
      if (fails) throw new Error('origin down')
      return version
    }
    const options = { ...LIVES[life], tags: TAGS[key], entity: entityOf(key) }
    const call = cache.getOrSet(key, factory, options).catch(error => {
      expect(error).toMatchObject({ message: 'origin down' })
      return undefined
    })
    this.#expect(side, key, call)
    // Neither happens to a call that joins or waits for another.
    if (settles) await Promise.race([call, begun.promise, new Promise(resolve => setTimeout(resolve, 5))])
  }

  async #change(cache: Cache, act: Extract<Act, { do: 'set' | 'invalidate' }>) {
    const target: InvalidationTarget = act.do === 'set' ? { by: 'key', key: act.key } : act.where
    const matches = matcherOf(target)
    const changed = KEYS.filter(one =>
      matches({ key: one, tags: [...TAGS[one], `@entity:${entityOf(one).join(':')}`] }),
    )
    for (const one of changed) this.#origin[one]++
    if (act.do === 'set') {
      const options = { ...LIVES[act.life], tags: TAGS[act.key], entity: entityOf(act.key) }
      await cache.set(act.key, this.#origin[act.key], options)
    } else await cache.invalidate(act.where)
    const epoch = Number(await redis.hget(`{${this.#namespace}}:meta`, 'e'))
    this.#last = { where: target, epoch }
    for (const one of changed)
      this.#changes.push({ key: one, version: this.#origin[one], epoch, known: new Set([act.side]) })
  }

  /** By the command of the fleet, whatever became of the message. */
  async #acknowledge(side: Side, cache: Cache) {
    const last = this.#last
    if (last === undefined) return
    await cache.applyInvalidation(last.where, last.epoch)
    for (const change of this.#changes) if (change.epoch === last.epoch) change.known.add(side)
  }

  /** What is answered to a call that begins now may not be older than what this cache has acknowledged. */
  #expect(side: Side, key: Key, call: Promise<number | undefined>) {
    const { epoch } = (this.#caches[side] as Cache).report()
    const known = this.#changes.filter(
      change => change.key === key && (change.known.has(side) || change.epoch <= epoch),
    )
    const oldest = Math.max(0, ...known.map(({ version }) => version))
    this.#calls.push(
      call.then(version => {
        if (version !== undefined && version < oldest)
          this.#served.push(`${key} in version ${version} although ${oldest} was acknowledged`)
      }),
    )
  }
}

test('nothing that was invalidated is served by a cache that has acknowledged it, whatever the bus does', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(act, { minLength: 1, maxLength: 40, size: 'max' }),
      fc.tuple(fates, fates),
      async (acts, bothFates) => {
        const world = new World(bothFates)
        try {
          await world.open()
          for (const one of acts) await world.act(one)
          await world.end()
        } finally {
          await world.close()
        }
      },
    ),
    { numRuns: 100 },
  )
}, 120_000)
