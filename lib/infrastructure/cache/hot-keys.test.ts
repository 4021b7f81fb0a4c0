import { expect, test } from 'vitest'
import { movableClock } from './cache.contract.ts'
import { HotKeys } from './hot-keys.ts'
import { createCacheRegistry } from './index.ts'

/** At a rate at which one of 16 lookups is sampled. */
function steady() {
  const clock = movableClock()
  const hot = new HotKeys(clock)
  return {
    clock,
    hot,
    sample(key: string) {
      clock.advance(60)
      hot.sampled(key)
    },
  }
}

test('a key asked for often is found among many that are not, and never said to be hotter than it is', () => {
  const { hot, sample } = steady()
  for (let at = 0; at < 1_000; at++) sample(at % 5 === 0 ? 'hot' : `cold:${at}`)
  const { keys, lookups } = hot.report(20)
  expect(keys[0]).toMatchObject({ key: 'hot' })
  const share = (keys[0]?.lookups ?? 0) / lookups
  expect(share).toBeGreaterThan(0.15)
  expect(share).toBeLessThanOrEqual(0.2)
  // Each of the others was asked for once.
  for (const { lookups } of keys.slice(1)) expect(lookups).toBeLessThanOrEqual(16)
  expect(keys.length).toBeLessThanOrEqual(20)
})

test('what was asked for minutes ago gives way to what is asked for now', () => {
  const clock = movableClock()
  const hot = new HotKeys(clock)
  for (let at = 0; at < 100; at++) hot.sampled('before')
  clock.advance(300_000)
  expect(hot.report(1)).toEqual({ lookups: 800, keys: [{ key: 'before', lookups: 800 }] })
  for (let at = 0; at < 60; at++) hot.sampled('now')
  expect(hot.report(2).keys.map(({ key }) => key)).toEqual(['now', 'before'])
  clock.advance(24 * 3_600_000)
  expect(hot.report(2)).toEqual({ lookups: 0, keys: [] })
})

test('the more lookups there are, the smaller the part of them that is sampled, and the counts stay those of the lookups', () => {
  const clock = movableClock()
  const hot = new HotKeys(clock)
  let until = hot.next()
  for (let at = 0; at < 2_000_000; at++) {
    if (at % 1_000 === 0) clock.advance(1)
    if (--until > 0) continue
    hot.sampled('a')
    until = hot.next()
  }
  expect(hot.revision).toBeLessThan(1_500)
  expect(hot.report(1).lookups).toBeGreaterThan(1_600_000)
  expect(hot.report(1).lookups).toBeLessThan(2_400_000)
})

test('a long key is cut, and says so', () => {
  const hot = new HotKeys(movableClock())
  hot.sampled('k'.repeat(500))
  expect(hot.report(1).keys).toEqual([{ key: 'k'.repeat(200), cut: true, lookups: 16 }])
})

test('lookups are sampled wherever they are made: hits in memory, misses, many keys at once, within a scope', async () => {
  const clock = movableClock()
  const registry = createCacheRegistry({}, { clock })
  const cache = await registry.create({ name: 'catalog', ttlMs: 3_600_000 })
  const other = await registry.create({ name: 'other' })
  await cache.set('hot', 1)
  for (let at = 0; at < 20_000; at++) {
    clock.advance(5)
    await cache.get('hot')
    if (at % 4 === 0) await cache.getMany(['hot', `cold:${at}`])
  }
  const [report, quiet] = registry.hotKeys()
  expect(quiet).toEqual({ name: 'other', lookups: 0, keys: [] })
  expect(report?.name).toBe('catalog')
  expect(report?.keys[0]?.key).toBe('hot')
  // 25,000 of 30,000.
  expect((report?.keys[0]?.lookups ?? 0) / (report?.lookups ?? 1)).toBeGreaterThan(0.7)
  const before = registry.hotKeysRevision
  for (let at = 0; at < 200; at++) await other.for({ user: 'ada' }).get('cart')
  expect(registry.hotKeysRevision).toBeGreaterThan(before)
  await registry.close()
})
