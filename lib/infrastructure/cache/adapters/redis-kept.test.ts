import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { newId } from '../../../core/ids.ts'
import { redisUrl, startRedis } from '../../testing/servers.ts'
import type { Invalidation, Keep, SharedLayer } from '../layers.ts'
import type { InvalidationTarget } from '../port.ts'
import { redisLayer } from './redis.ts'

let redis: Redis
let namespace: string
let layer: SharedLayer
let keep: Keep
const signal = new AbortController().signal
beforeAll(() => {
  redis = new Redis(redisUrl())
})
afterAll(() => redis.disconnect())
beforeEach(() => {
  namespace = `t-${newId()}`
  layer = redisLayer(redis, namespace)
  keep = { name: 'run-1', forMs: 60_000, entries: 100, bytes: 100_000 }
})

const write = (key: string, value: string, { tags = ['shoes'], hardMs = 30_000 } = {}) =>
  layer.write({ key, payload: JSON.stringify(value), softMs: hardMs / 2, hardMs, goneMs: hardMs, madeInMs: 0, tags })
const read = async (...keys: string[]) => (await layer.read(keys)).entries.map(entry => entry?.value)
const keptKeys = async () =>
  (await redis.keys(`{${namespace}}:kept*`)).map(key => key.slice(namespace.length + 3)).sort()
const stampNow = async () => (await layer.read([])).stamp

/** As an operator's invalidation does it: what is removed is set aside. */
async function invalidate(where: InvalidationTarget, how: Keep = keep): Promise<Invalidation> {
  const at = await layer.invalidate(where, how)
  return at.deleted === undefined ? { ...at, ...(await layer.setAside(where, at, how, { signal })) } : at
}
const restore = ({ stamp }: Invalidation) => layer.restore(keep.name, stamp, { signal })

describe.each([
  { by: 'key', key: 'product:1' },
  { by: 'pattern', pattern: 'product:*' },
  { by: 'tag', tag: 'shoes' },
  { by: 'all' },
] as const)('what %o removed', where => {
  test('is not counted any more, and is restored with its remaining time to live and an epoch after the invalidation', async () => {
    await write('product:1', 'old')
    const at = await invalidate(where)
    expect(at).toMatchObject({ deleted: 1, kept: { entries: 1, bytes: expect.any(Number) } })
    expect(at.kept?.bytes).toBeGreaterThan(50)
    expect(await read('product:1')).toEqual([undefined])
    expect(await layer.count({ by: 'all' }, { signal, sample: 5 })).toMatchObject({ count: 0, bytes: 0 })
    expect(await keptKeys()).toEqual(['kept:run-1', 'kept:run-1:product:1'])
    for (const key of await keptKeys()) expect(await redis.pttl(`{${namespace}}:${key}`)).toBeGreaterThan(0)

    expect(await restore(at)).toEqual({ restored: 1, rewritten: 0, covered: 0, expired: 0, left: 0 })
    const [entry] = (await layer.read(['product:1'])).entries
    expect(entry).toMatchObject({ value: 'old', tags: ['shoes'] })
    expect(entry?.epoch).toBeGreaterThanOrEqual(at.stamp.epoch)
    expect(entry?.hardMs).toBeGreaterThan(20_000)
    expect(entry?.hardMs).toBeLessThanOrEqual(30_000)
    expect(entry?.softMs).toBeLessThanOrEqual(15_000)
    expect(await keptKeys()).toEqual([])
    expect(await restore(at)).toBe('none')
  })
})

describe('what is restored', () => {
  const where = { by: 'pattern', pattern: 'product:*' } as const
  const old = async () => {
    for (const id of [1, 2, 3, 4]) await write(`product:${id}`, 'old', { tags: [`tag-${id}`] })
    return invalidate(where)
  }

  test('is not what was written again since, by a setter or by a factory', async () => {
    const at = await old()
    await write('product:1', 'new')
    const made = {
      key: 'product:2',
      payload: '"made"',
      softMs: 5_000,
      hardMs: 10_000,
      goneMs: 10_000,
      madeInMs: 0,
      tags: [],
    }
    expect(await layer.fill(made, await stampNow())).toMatchObject({ stored: true })
    expect(await restore(at)).toEqual({ restored: 2, rewritten: 2, covered: 0, expired: 0, left: 0 })
    expect(await read('product:1', 'product:2', 'product:3')).toEqual(['new', 'made', 'old'])
  })

  test.each([
    { by: 'key', key: 'product:2' },
    { by: 'pattern', pattern: '*:2' },
    { by: 'tag', tag: 'tag-2' },
  ] as const)('is not what %o has covered since, because that is out of date', async since => {
    const at = await old()
    await layer.invalidate(since)
    expect(await restore(at)).toEqual({ restored: 3, rewritten: 0, covered: 1, expired: 0, left: 0 })
    expect(await read('product:1', 'product:2')).toEqual(['old', undefined])
  })

  test('is nothing after all of it was invalidated since', async () => {
    const at = await old()
    await layer.invalidate({ by: 'all' })
    expect(await restore(at)).toEqual({ restored: 0, rewritten: 0, covered: 4, expired: 0, left: 0 })
    expect(await read('product:1')).toEqual([undefined])
  })

  test('is nothing when Redis no longer knows all that was invalidated since; it stays for another attempt', async () => {
    const at = await old()
    for (let id = 0; id < 1_001; id++) await layer.invalidate({ by: 'key', key: `k${id}` })
    expect(await restore(at)).toBe('unknown')
    expect(await read('product:1')).toEqual([undefined])
    await layer.discard(keep.name)
    expect(await keptKeys()).toEqual([])
  })

  test('is not what would have expired since', async () => {
    await write('product:1', 'short', { hardMs: 1_000 })
    await write('product:2', 'long')
    const at = await invalidate(where)
    const onlyTheLong = async () => expect(await keptKeys()).toEqual(['kept:run-1', 'kept:run-1:product:2'])
    await vi.waitFor(onlyTheLong, { timeout: 10_000 })
    expect(await restore(at)).toEqual({ restored: 1, rewritten: 0, covered: 0, expired: 1, left: 0 })
  })

  test('is not what was invalidated by tag already when it was set aside', async () => {
    await write('product:1', 'dead', { tags: ['hats'] })
    await layer.invalidate({ by: 'tag', tag: 'hats' })
    const at = await invalidate(where)
    expect(at).toMatchObject({ deleted: 1, kept: { entries: 0 } })
    expect(await restore(at)).toBe('none')
  })

  test('does not stop a factory that makes a new value from replacing it', async () => {
    const at = await old()
    const since = await stampNow()
    await restore(at)
    const made = {
      key: 'product:1',
      payload: '"made"',
      softMs: 5_000,
      hardMs: 10_000,
      goneMs: 10_000,
      madeInMs: 0,
      tags: [],
    }
    expect(await layer.fill(made, since)).toMatchObject({ stored: true })
    expect(await read('product:1')).toEqual(['made'])
  })

  test('a factory begun before the invalidation stays barred', async () => {
    const since = await stampNow()
    const at = await old()
    await restore(at)
    const made = {
      key: 'product:9',
      payload: '"older"',
      softMs: 5_000,
      hardMs: 10_000,
      goneMs: 10_000,
      madeInMs: 0,
      tags: [],
    }
    expect(await layer.fill(made, since)).toMatchObject({ stored: false })
  })

  test('can have keys of any kind, and values of any size', async () => {
    const keys = ['product:a b', 'product:{z}', 'product:line\nbreak', 'product:schlüssel ☃', 'product:g1:x']
    const large = `"epoch":7 ${'x'.repeat(50_000)}`
    for (const key of keys) await write(key, key)
    await write('product:large', large)
    const at = await invalidate(where)
    expect(await restore(at)).toMatchObject({ restored: 6 })
    expect(await read(...keys, 'product:large')).toEqual([...keys, large])
  })
})

describe('what was interrupted', () => {
  const where = { by: 'pattern', pattern: 'product:*' } as const
  const many = async (count: number) => {
    await write('product:1', 'old')
    const { generation } = await stampNow()
    const pipeline = redis.pipeline()
    for (let id = 2; id <= count; id++)
      pipeline.copy(`{${namespace}}:g${generation}:product:1`, `{${namespace}}:g${generation}:product:${id}`)
    await pipeline.exec()
  }
  const generous = () => ({ ...keep, entries: 10_000, bytes: 10_000_000 })

  test('by an abort has set aside what it removed, and that is restored', async () => {
    await many(3_000)
    const aborter = new AbortController()
    const at = await layer.invalidate(where, generous())
    const swept = await layer.setAside(where, at, generous(), {
      signal: aborter.signal,
      onProgress: () => aborter.abort(new Error('enough')),
    })
    expect(swept).toMatchObject({ kept: { entries: swept.deleted }, unfinished: new Error('enough') })
    expect(swept.deleted).toBeGreaterThan(0)
    expect(swept.deleted).toBeLessThan(3_000)
    expect(await restore(at)).toMatchObject({ restored: swept.deleted, left: 0 })
    expect(await keptKeys()).toEqual([])
  })

  test('while it was restored keeps the rest for another time', async () => {
    await many(150)
    const at = await invalidate(where, generous())
    expect(at.kept).toMatchObject({ entries: 150 })
    const aborter = new AbortController()
    const doing = layer.restore(keep.name, at.stamp, { signal: aborter.signal })
    // The signal is checked before each step: here before the first.
    aborter.abort()
    expect(await doing).toEqual({ restored: 0, rewritten: 0, covered: 0, expired: 0, left: 150 })
    expect(await restore(at)).toMatchObject({ restored: 150, left: 0 })
  })
})

describe('too much, or not allowed', () => {
  test.each([
    ['entries', { entries: 2 }],
    ['bytes', { bytes: 200 }],
  ])('more %s than may be kept are removed for good, and nothing stays behind', async (_, limit) => {
    for (let id = 0; id < 3; id++) await write(`product:${id}`, 'x'.repeat(50))
    const at = await invalidate({ by: 'all' }, { ...keep, ...limit })
    expect(at).toMatchObject({ deleted: 3, kept: { entries: 0, bytes: 0, refused: 'too much' } })
    expect(await keptKeys()).toEqual([])
    expect(await redis.keys(`{${namespace}}:g*`)).toEqual([])
    expect(await restore(at)).toBe('none')
  })

  test.each([
    { by: 'key', key: 'product:1' },
    { by: 'pattern', pattern: 'product:*' },
  ] as const)('an account that may not set aside still invalidates %o, and gets the reason', async where => {
    const user = `u-${newId()}`
    await redis.acl('SETUSER', user, 'on', '>secret', '~*', '&*', '+@all', '-rename')
    const limited = new Redis(redisUrl(), { username: user, password: 'secret' })
    try {
      await write('product:1', 'old')
      const own = redisLayer(limited, namespace)
      const at = await own.invalidate(where, keep)
      const { deleted, kept } = at.deleted === undefined ? await own.setAside(where, at, keep, { signal }) : at
      expect(deleted).toBe(1)
      expect(kept).toMatchObject({ entries: 0, refused: { words: expect.stringMatching(/can't run|NOPERM/) } })
      expect(await read('product:1')).toEqual([undefined])
    } finally {
      limited.disconnect()
      await redis.acl('DELUSER', user)
    }
  })

  test.each([{ by: 'key', key: 'product:1' }, { by: 'all' }] as const)(
    'a Redis that is full gets room by %o: nothing is set aside there',
    async where => {
      const full = await startRedis()
      const client = new Redis(full.url)
      try {
        const own = redisLayer(client, namespace)
        await own.write({
          key: 'product:1',
          payload: '"old"',
          softMs: 5_000,
          hardMs: 10_000,
          goneMs: 10_000,
          madeInMs: 0,
          tags: [],
        })
        await client.config('SET', 'maxmemory', '1')
        await expect(client.set('x', 'x')).rejects.toThrow('OOM')
        const at = await own.invalidate(where, keep)
        const { deleted, kept } = at.deleted === undefined ? await own.setAside(where, at, keep, { signal }) : at
        expect({ deleted, kept }).toMatchObject({
          deleted: 1,
          kept: { entries: 0, refused: { words: expect.stringContaining('OOM') } },
        })
        expect((await client.keys('*')).filter(key => /:g\d|:kept/.test(key))).toEqual([])
      } finally {
        client.disconnect()
        await full.close()
      }
    },
  )
})
