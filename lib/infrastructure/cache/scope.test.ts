import { afterEach, describe, expect, test, vi } from 'vitest'
import { newId } from '../../core/ids.ts'
import { redisUrl } from '../testing/servers.ts'
import { held } from './cache.contract.ts'
import { type Cache, createCacheRegistry, type InvalidationTarget } from './index.ts'

const closing: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const { close } of closing.splice(0)) await close()
})

async function processOf(namespace: string): Promise<Cache> {
  const registry = createCacheRegistry({ redisUrl: redisUrl() }, { checkEveryMs: 60_000 })
  closing.push(registry)
  const cache = await registry.create({ name: 'catalog', namespace })
  await vi.waitFor(() => expect(cache.report().bus).toBe('listening'))
  return cache
}

async function inMemory(): Promise<Cache> {
  const registry = createCacheRegistry()
  closing.push(registry)
  return registry.create({ name: 'catalog' })
}

const kinds = [
  ['memory', inMemory],
  ['memory before Redis', () => processOf(`t-${newId()}`)],
] as const

describe.each(kinds)('a cache in %s, bound to a scope,', (_, open) => {
  test('keeps its values from every other scope', async () => {
    const cache = await open()
    const scopes = [
      cache,
      cache.for({ workspace: 'a' }),
      cache.for({ workspace: 'a' }).for({ user: '1' }),
      cache.for({ user: '1' }),
      cache.for({ user: 'a' }),
      cache.for({ workspace: 'a/1' }),
      cache.for({ workspace: 'a', user: '1/x' }),
    ]
    for (const [at, scope] of scopes.entries()) await scope.set('x', at)
    for (const [at, scope] of scopes.entries()) {
      expect(await scope.get('x')).toBe(at)
      expect(await scope.getMany(['x', 'y'])).toEqual(new Map([['x', at]]))
      expect(await scope.getOrSet('x', () => 'made')).toBe(at)
    }
    expect(await cache.for({ workspace: 'a', user: '1' }).get('x')).toBe(2)
  })

  test('its keys cannot be named from outside, and no tag may look like a scope', async () => {
    const cache = await open()
    await cache.for({ workspace: 'a' }).set('x', 'secret')
    const { keys } = await cache.sample({ by: 'workspace', id: 'a' }, 1)
    const full = String(keys[0])
    expect(full).toContain('x')
    for (const call of [cache.get(full), cache.getMany([full]), cache.getOrSet(full, () => 1), cache.set(full, 1)])
      await expect(call).rejects.toMatchObject({ code: 'CACHE_OPTIONS' })
    for (const tag of ['@entity:product:1', '@workspace:a', '@user:1', '@scope:a/1'])
      await expect(cache.set('y', 1, { tags: [tag] })).rejects.toMatchObject({ code: 'CACHE_OPTIONS' })
    expect(await cache.for({ workspace: 'b' }).get(full)).toBeUndefined()
  })

  test('an empty scope is refused', async () => {
    const cache = await open()
    for (const scope of [{}, { workspace: '' }, { workspace: 'a', user: '' }])
      expect(() => cache.for(scope)).toThrow(expect.objectContaining({ code: 'CACHE_OPTIONS' }))
  })

  test('invalidates within its scope by key, pattern, tag and all; closing it closes nothing', async () => {
    const cache = await open()
    const [a, b] = [cache.for({ workspace: 'a*' }), cache.for({ workspace: 'b' })]
    const fill = async () => {
      for (const scope of [cache, a, b, a.for({ user: '1' })]) await scope.set('p:1', 1, { tags: ['t'] })
    }
    const present = async () =>
      Promise.all([cache, a, b, a.for({ user: '1' })].map(async scope => (await scope.get('p:1')) !== undefined))
    await fill()
    expect(await a.count({ by: 'pattern', pattern: 'p:*' })).toMatchObject({ count: 1, sample: ['p:1'] })
    await a.delete('p:1')
    expect(await present()).toEqual([true, false, true, true])
    await fill()
    await a.deleteByPattern('p:*')
    expect(await present()).toEqual([true, false, true, true])
    await fill()
    await a.deleteByTag('t')
    expect(await present()).toEqual([true, false, true, true])
    await fill()
    await a.clear()
    expect(await present()).toEqual([true, false, true, false])
    await fill()
    await a.for({ user: '1' }).clear()
    expect(await present()).toEqual([true, true, true, false])
    await fill()
    await cache.deleteByTag('t')
    expect(await present()).toEqual([false, false, false, false])
    await a.close()
    await a.set('p:1', 2)
    expect(await a.get('p:1')).toBe(2)
  })
})

const targets: InvalidationTarget[] = [
  { by: 'entity', type: 'product', id: 42 },
  { by: 'entity', type: 'product', id: '42' },
  { by: 'workspace', id: 'acme' },
  { by: 'user', id: 'ada' },
]

describe.each(targets)('what is invalidated by %o', where => {
  const entries = async (cache: Cache) => {
    const options = { entity: ['product', 42], tags: ['shoes'] } as const
    await cache.for({ workspace: 'acme', user: 'ada' }).set('mine', 'old', options)
    await cache.for({ workspace: 'other', user: 'eve' }).set('mine', 'kept', { entity: ['product', 421] })
    await cache.set('other', 'kept', { entity: ['product:4', 2] })
  }

  test('leaves Redis and the memory of the other process, and nothing else does', async () => {
    const namespace = `t-${newId()}`
    const [a, b] = await Promise.all([processOf(namespace), processOf(namespace)])
    await entries(a)
    const bound = b.for({ workspace: 'acme', user: 'ada' })
    expect(await bound.get('mine')).toBe('old')
    expect(await a.count(where)).toMatchObject({ count: 1, precision: 'exact' })
    const { deleted, epoch } = await a.invalidate(where)
    expect(deleted).toBe(1)
    await vi.waitFor(() => expect(b.report().epoch).toBe(epoch), { interval: 5 })
    expect(await bound.get('mine')).toBeUndefined()
    expect(await b.for({ workspace: 'other', user: 'eve' }).get('mine')).toBe('kept')
    expect(await b.get('other')).toBe('kept')
  })

  test('is gone from a process that only confirms it, and its factory is barred', async () => {
    const namespace = `t-${newId()}`
    const [a, b] = await Promise.all([processOf(namespace), processOf(namespace)])
    const bound = b.for({ workspace: 'acme', user: 'ada' })
    const old = Promise.withResolvers<string>()
    const began = Promise.withResolvers<void>()
    const call = bound.getOrSet('mine', held(began, old), { entity: ['product', 42] })
    await began.promise
    const { epoch } = await a.invalidate(where)
    await b.applyInvalidation(where, epoch)
    expect(await bound.getOrSet('mine', () => 'new', { entity: ['product', 42] })).toBe('new')
    old.resolve('old')
    expect(await call).toBe('old')
    expect(await bound.get('mine')).toBe('new')
    expect(b.report().totals.barred).toBe(1)
  })
})
