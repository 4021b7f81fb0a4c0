import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { newId } from '../../../core/ids.ts'
import { redisUrl } from '../../testing/servers.ts'
import type { SharedLayer, SharedWrite } from '../layers.ts'
import { redisLayer } from './redis.ts'

let redis: Redis
let namespace: string
let layer: SharedLayer
beforeAll(() => {
  redis = new Redis(redisUrl())
})
afterAll(() => redis.disconnect())
beforeEach(() => {
  namespace = `t-${newId()}`
  layer = redisLayer(redis, namespace)
})
const entry = (key = 'product:1', tags = ['shoes']): SharedWrite => ({
  key,
  payload: '1',
  softMs: 5_000,
  hardMs: 10_000,
  goneMs: 10_000,
  madeInMs: 0,
  tags,
})
const stampNow = async () => (await layer.read([])).stamp

describe('filling, decided in Redis alone', () => {
  test.each([
    { by: 'key', key: 'product:1' },
    { by: 'pattern', pattern: 'other:*' },
    { by: 'tag', tag: 'shoes' },
    { by: 'all' },
  ] as const)('is barred by %o that came after the beginning', async where => {
    const since = await stampNow()
    await layer.invalidate(where)
    expect(await layer.fill(entry(), since)).toMatchObject({ stored: false })
    expect((await layer.read(['product:1'])).entries).toEqual([undefined])
    expect(await layer.fill(entry(), await stampNow())).toMatchObject({ stored: true })
  })

  test.each([
    { by: 'key', key: 'product:2' },
    { by: 'tag', tag: 'hats' },
  ] as const)('is not barred by %o, which is about something else', async where => {
    const since = await stampNow()
    await layer.invalidate(where)
    expect(await layer.fill(entry(), since)).toMatchObject({ stored: true })
  })

  test('is barred by a newer value, which stays', async () => {
    const since = await stampNow()
    await layer.write({ ...entry(), payload: '"newer"' })
    expect(await layer.fill(entry(), since)).toMatchObject({ stored: false })
    expect((await layer.read(['product:1'])).entries).toMatchObject([{ value: 'newer' }])
  })

  test('is barred when more was invalidated than Redis remembers', async () => {
    const since = await stampNow()
    for (let i = 0; i < 1_001; i++) await layer.invalidate({ by: 'key', key: `k${i}` })
    expect(await layer.fill(entry(), since)).toMatchObject({ stored: false })
    expect((await layer.missed(since)).missed).toBeUndefined()
    expect((await layer.missed(await stampNow())).missed).toEqual([])
  })
})

test('an entry keeps its remaining lives and its tags', async () => {
  await layer.write(entry())
  const [found] = (await layer.read(['product:1'])).entries
  expect(found).toMatchObject({ value: 1, tags: ['shoes'], epoch: 1 })
  expect(found?.hardMs).toBeGreaterThan(9_000)
  expect(found?.softMs).toBeGreaterThan(4_000)
  expect(found?.softMs).toBeLessThanOrEqual(5_000)
})

test('a foreign value under one of our keys is a miss, not an error', async () => {
  const { generation } = await stampNow()
  for (const alien of [
    '',
    'plain',
    '{"v":1}',
    '{"v":9,"epoch":0,"codec":"json"}\n1',
    '{"v":1,"epoch":0,"codec":"json","hard":1,"soft":1}\n{broken',
    '[1]\n2',
  ]) {
    await redis.set(`{${namespace}}:g${generation}:k`, alien, 'PX', 10_000)
    expect((await layer.read(['k'])).entries).toEqual([undefined])
  }
})

test('everything in Redis expires, and the keys are those the documentation names', async () => {
  await layer.write(entry())
  await layer.invalidate({ by: 'tag', tag: 'hats' })
  const { generation } = await stampNow()
  const prefix = `{${namespace}}:`
  expect((await redis.keys(`${prefix}*`)).sort()).toEqual([
    `${prefix}g${generation}:product:1`,
    `${prefix}log`,
    `${prefix}meta`,
    `${prefix}tagged:${generation}:shoes`,
    `${prefix}tags`,
  ])
  expect(await redis.pttl(`${prefix}tagged:${generation}:shoes`)).toBeGreaterThan(0)
  expect(await redis.pttl(`${prefix}g${generation}:product:1`)).toBeGreaterThan(0)
  expect(await redis.pttl(`${prefix}tags`)).toBeGreaterThan(0)
})

test('sweeping spares what was stored after the invalidation', async () => {
  await layer.write(entry('product:1'))
  const where = { by: 'pattern', pattern: 'product:*' } as const
  const at = await layer.invalidate(where)
  await layer.write(entry('product:2'))
  expect(await layer.sweep(where, at, { signal: new AbortController().signal })).toBe(1)
  expect((await layer.read(['product:1', 'product:2'])).entries).toMatchObject([undefined, { value: 1 }])
})

test('sweeping spares what was filled under the epoch of the invalidation itself, and a namespace of an older version is read', async () => {
  await layer.write(entry('product:1'))
  const where = { by: 'pattern', pattern: 'product:*' } as const
  const at = await layer.invalidate(where)
  expect(await layer.fill(entry('product:2'), at.stamp)).toMatchObject({ stored: true })
  const { signal } = new AbortController()
  expect(await layer.sweep(where, at, { signal })).toBe(1)
  const again = await layer.invalidate(where)
  await layer.fill(entry('product:3'), again.stamp)
  await redis.hdel(`{${namespace}}:meta`, 'w')
  expect(await layer.sweep(where, again, { signal })).toBe(1)
  expect((await layer.read(['product:2', 'product:3'])).entries).toMatchObject([undefined, { value: 1 }])
})

test('sweeping and counting stop with their signal', async () => {
  await layer.write(entry())
  const where = { by: 'all' } as const
  const at = await layer.invalidate(where)
  await expect(layer.sweep(where, at, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
  await expect(layer.count(where, { signal: AbortSignal.abort(new Error('enough')), sample: 1 })).rejects.toThrow(
    'enough',
  )
})

describe('the entries of a tag', () => {
  const signal = new AbortController().signal
  const byTag = { by: 'tag', tag: 'shoes' } as const
  const listOf = async (tag = 'shoes') => `{${namespace}}:tagged:${(await stampNow()).generation}:${tag}`
  const sweep = async () => {
    const at = await layer.invalidate(byTag)
    return { at, deleted: await layer.sweep(byTag, at, { signal }) }
  }

  test('are counted and removed by their list, and nothing else is', async () => {
    for (let id = 0; id < 1_200; id++) await layer.write(entry(`product:${id}`))
    await layer.write(entry('other', ['hats', 'shoes"']))
    expect(await layer.count(byTag, { signal, sample: 2 })).toMatchObject({ count: 1_200, precision: 'exact' })
    expect((await layer.count(byTag, { signal, sample: 2 })).sample).toContain('product:0')
    expect(await sweep()).toMatchObject({ deleted: 1_200, at: { listed: true } })
    expect(await layer.count({ by: 'all' }, { signal, sample: 2 })).toMatchObject({ count: 1, sample: ['other'] })
    expect(await redis.keys(`{${namespace}}:swept:*`)).toEqual([])
  })

  test('are not those that were written again without it, with another, or after the invalidation', async () => {
    for (const key of ['without', 'other', 'later', 'gone', 'plain']) await layer.write(entry(key))
    await layer.write({ ...entry('without', []), payload: '"tags and shoes: [\\"shoes\\"]"' })
    await layer.write(entry('other', ['hats']))
    await redis.set(`{${namespace}}:g${(await stampNow()).generation}:gone`, 'foreign')
    const at = await layer.invalidate(byTag)
    await layer.write(entry('later'))
    expect(await layer.sweep(byTag, at, { signal })).toBe(1)
    expect((await layer.read(['without', 'other', 'later', 'plain'])).entries.map(Boolean)).toEqual([
      true,
      true,
      true,
      false,
    ])
  })

  test('are estimated beyond 100,000, from those examined', async () => {
    const list = await listOf()
    await layer.write(entry())
    const members = Array.from({ length: 124_999 }, (_, id) => [Date.now() + 60_000, `p:${id}`]).flat()
    for (let at = 0; at < members.length; at += 50_000) await redis.zadd(list, ...members.slice(at, at + 50_000))
    await redis.zadd(list, 1, 'product:1')
    // One entry is there, and four fifths of the list were examined.
    const { count, precision, sample } = await layer.count(byTag, { signal, sample: 1 })
    expect({ count, precision, sample }).toEqual({ count: 1, precision: 'sampled', sample: ['product:1'] })
  })

  test('that expire leave the list as others are written', async () => {
    const list = await listOf()
    await redis.zadd(list, 1, 'expired 1', 2, 'expired 2')
    await layer.write(entry())
    expect(await redis.zrange(list, 0, -1)).toEqual(['product:1'])
  })

  test('are found by going through the keys where an older version, or one that may not list them, has written', async () => {
    await layer.write(entry('product:1'))
    await redis.hdel(`{${namespace}}:meta`, 'i')
    await redis.del(await listOf())
    expect(await layer.count(byTag, { signal, sample: 1 })).toMatchObject({ count: 1, sample: ['product:1'] })
    expect(await sweep()).toMatchObject({ deleted: 1, at: { listed: false } })
    await layer.invalidate({ by: 'all' })
    await layer.write(entry('product:2'))
    expect(await sweep()).toMatchObject({ deleted: 1, at: { listed: true } })
  })

  test('are written, too, by an account that may not list them, which then goes through the keys', async () => {
    const name = `limited-${newId()}`
    await redis.acl('SETUSER', name, 'on', '>secret', '~*', '&*', '+@all', '-zadd')
    const limited = redis.duplicate({ username: name, password: 'secret' })
    try {
      const its = redisLayer(limited, namespace)
      expect(await its.fill(entry(), await stampNow())).toMatchObject({ stored: true })
      expect((await layer.read(['product:1'])).entries).toMatchObject([{ value: 1 }])
      expect(await sweep()).toMatchObject({ deleted: 1, at: { listed: false } })
    } finally {
      limited.disconnect()
      await redis.acl('DELUSER', name)
    }
  })
})
