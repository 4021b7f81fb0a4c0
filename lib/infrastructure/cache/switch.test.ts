import { afterEach, describe, expect, test, vi } from 'vitest'
import { newId } from '../../core/ids.ts'
import { redisUrl } from '../testing/servers.ts'
import { held, movableClock } from './cache.contract.ts'
import { type Cache, type CacheOptions, createCacheRegistry } from './index.ts'

const closing: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const { close } of closing.splice(0).reverse()) await close()
})
const holder = { id: 'o1', reason: 'wrong prices', by: 'ada' }

async function open(kind: CacheOptions['kind'], options: Partial<CacheOptions> = {}, namespace = `t-${newId()}`) {
  const clock = movableClock()
  const registry = createCacheRegistry(kind === 'memory' ? {} : { redisUrl: redisUrl() }, { clock })
  closing.push(registry)
  const cache = await registry.create({ name: 'c', namespace, kind, ...options })
  if (kind !== 'memory') await vi.waitFor(() => expect(cache.report().bus).toBe('listening'))
  return { cache, clock }
}
const made = (value: unknown) => vi.fn(() => value)

describe.each(['memory', 'redis', 'tiered'] as const)('%s: a cache that is switched', kind => {
  test('off serves and stores nothing; afterwards what it had is served again', async () => {
    const { cache } = await open(kind)
    await cache.set('a', 'before')
    cache.switchTo('off', holder)
    expect(await cache.get('a')).toBeUndefined()
    expect((await cache.getMany(['a'])).size).toBe(0)
    const factory = made('during')
    expect(await Promise.all([cache.getOrSet('a', factory), cache.getOrSet('a', factory)])).toEqual([
      'during',
      'during',
    ])
    expect(factory).toHaveBeenCalledTimes(1)
    expect((await cache.getOrSetMany(['a'], () => [['a', 'many']])).get('a')).toBe('many')
    expect(await cache.getOrSet('b', () => ({ at: new Date(0) }))).toEqual({ at: '1970-01-01T00:00:00.000Z' })
    expect(cache.report().switched).toMatchObject({ mode: 'off', ...holder })
    expect(cache.switchOn()).toBe(true)
    expect(await cache.get('a')).toBe('before')
    expect(await cache.get('b')).toBeUndefined()
    expect(cache.report().switched).toBeUndefined()
  })

  test('read-only serves what is there, and stores nothing new', async () => {
    const { cache } = await open(kind)
    await cache.set('a', 'before')
    await cache.set('stale', 'before', { softTtlMs: 0 })
    cache.switchTo('read-only', holder)
    expect(await cache.getOrSet('a', () => 'during')).toBe('before')
    const factory = made('during')
    expect(await cache.getOrSet('stale', factory)).toBe('before')
    expect(await cache.getOrSet('b', factory)).toBe('during')
    expect(await cache.getOrSet('b', factory)).toBe('during')
    expect(factory).toHaveBeenCalledTimes(2)
    cache.switchTo('on', holder)
    expect(await cache.get('b')).toBeUndefined()
  })

  test.each(['off', 'read-only'] as const)(
    '%s still takes invalidations, and a set removes the older value',
    async mode => {
      const { cache } = await open(kind)
      await cache.setMany([
        ['set', 'old'],
        ['many', 'old'],
        ['deleted', 'old'],
        ['kept', 'old'],
      ])
      cache.switchTo(mode, holder)
      await cache.set('set', 'new')
      await cache.setMany([['many', 'new']])
      await cache.delete('deleted')
      cache.switchOn('o1')
      expect([...(await cache.getMany(['set', 'many', 'deleted', 'kept'])).keys()]).toEqual(['kept'])
    },
  )

  test('keeps what a factory makes that began before from being stored', async () => {
    const { cache } = await open(kind)
    const answer = Promise.withResolvers<string>()
    const began = Promise.withResolvers<void>()
    const call = cache.getOrSet('a', held(began, answer))
    await began.promise
    cache.switchTo('read-only', holder)
    answer.resolve('made')
    expect(await call).toBe('made')
    expect(await cache.get('a')).toBeUndefined()
  })

  test('is on again when the time is up, and not by another id', async () => {
    const { cache, clock } = await open(kind)
    cache.switchTo('off', { ...holder, remainingMs: 5_000 })
    const { since, until } = cache.report().switched ?? {}
    expect((until ?? 0) - (since ?? 0)).toBe(5_000)
    expect(cache.switchOn('o2')).toBe(false)
    await cache.set('a', 1)
    clock.advance(5_000)
    await cache.set('a', 2)
    expect(await cache.get('a')).toBe(2)
    expect(cache.report().switched).toBeUndefined()
    expect(cache.switchOn()).toBe(false)
  })
})

test('an invalidation by another process takes effect while it is off', async () => {
  const namespace = `t-${newId()}`
  const [one, two] = await Promise.all([open('tiered', {}, namespace), open('tiered', {}, namespace)])
  await one.cache.set('a', 'old')
  expect(await two.cache.get('a')).toBe('old')
  two.cache.switchTo('off', holder)
  const { epoch } = await one.cache.invalidate({ by: 'all' })
  await vi.waitFor(() => expect(two.cache.report().epoch).toBe(epoch))
  two.cache.switchOn()
  expect(await two.cache.get('a')).toBeUndefined()
})

test('those that are bound to a scope are switched with it', async () => {
  const { cache } = await open('memory')
  const bound: Cache = cache.for({ user: 'ada' })
  await bound.set('a', 1)
  cache.switchTo('off', holder)
  expect(await bound.get('a')).toBeUndefined()
  bound.switchOn()
  expect(await bound.get('a')).toBe(1)
})
