import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { newId } from '../../core/ids.ts'
import { type Program, startProgram } from '../testing/program.ts'
import { redisUrl, startRedis } from '../testing/servers.ts'
import { type Cache, type CacheOptions, createCacheRegistry } from './index.ts'

const PROGRAM = fileURLToPath(new URL('../testing/cache-program.ts', import.meta.url))

const closing: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const { close } of closing.splice(0).reverse()) await close()
})

async function twoProcesses(options: Partial<CacheOptions> = {}, url = redisUrl()): Promise<[Program, Program]> {
  const namespace = `t-${newId()}`
  const open = () => startProgram(PROGRAM, { args: [namespace, url, JSON.stringify(options)] })
  const both = await Promise.all([open(), open()])
  closing.push(...both)
  return both
}
const begin = (program: Program, value: string, calls = 500) => program.ask('begin', { key: 'product:1', value, calls })
const answers = (program: Program) => program.ask<Record<string, number>>('answers')
const made = (program: Program) => program.ask<number>('made')
const waits = (program: Program) =>
  vi.waitFor(async () => expect(await program.ask('report')).toMatchObject({ activity: { waited: 1 } }))

describe('two processes', () => {
  test('answer 1,000 concurrent misses with one call of the factory', async () => {
    const [a, b] = await twoProcesses()
    await Promise.all([begin(a, 'a'), begin(b, 'b')])
    await vi.waitFor(async () => expect((await made(a)) + (await made(b))).toBe(1))
    const [holder, other] = (await made(a)) === 1 ? [a, b] : [b, a]
    await waits(other)
    await holder.ask('finish')
    const value = holder === a ? 'a' : 'b'
    expect(await answers(a)).toEqual({ [value]: 500 })
    expect(await answers(b)).toEqual({ [value]: 500 })
    expect((await made(a)) + (await made(b))).toBe(1)
    expect(await holder.ask('report')).toMatchObject({ activity: { joined: 499 } })
  })

  test('do so too when the one that makes the value is killed: the other takes over', async () => {
    const [a, b] = await twoProcesses({ leaseMs: 400 })
    await begin(a, 'a')
    await vi.waitFor(async () => expect(await made(a)).toBe(1))
    await begin(b, 'b')
    await waits(b)
    a.kill()
    await vi.waitFor(async () => expect(await made(b)).toBe(1))
    await b.ask('finish')
    expect(await answers(b)).toEqual({ b: 500 })
    expect(await made(b)).toBe(1)
    expect(await b.ask('report')).toMatchObject({ activity: { takenOver: 1 } })
  })

  test('wait as long as a slow factory runs, longer than its lease would last', async () => {
    const [a, b] = await twoProcesses({ leaseMs: 1_000 })
    await a.ask('begin', { key: 'product:1', value: 'a', calls: 1, afterMs: 3_000 })
    await vi.waitFor(async () => expect(await made(a)).toBe(1))
    await begin(b, 'b', 1)
    expect(await answers(b)).toEqual({ a: 1 })
    expect(await made(b)).toBe(0)
  })

  test('go on with their own factory when that of the other fails', async () => {
    const [a, b] = await twoProcesses()
    await begin(a, 'failure')
    await vi.waitFor(async () => expect(await made(a)).toBe(1))
    await begin(b, 'b')
    await waits(b)
    await a.ask('finish')
    expect(await answers(a)).toEqual({ 'rejected: origin down': 500 })
    await vi.waitFor(async () => expect(await made(b)).toBe(1))
    await b.ask('finish')
    expect(await answers(b)).toEqual({ b: 500 })
  })

  test('do not wait for each other when Redis dies in between', async () => {
    const redis = await startRedis()
    closing.push(redis)
    const [a, b] = await twoProcesses({}, redis.url)
    await begin(a, 'a')
    await vi.waitFor(async () => expect(await made(a)).toBe(1))
    await begin(b, 'b')
    await waits(b)
    await redis.stop()
    await vi.waitFor(async () => expect(await made(b)).toBe(1))
    await b.ask('finish')
    expect(await answers(b)).toEqual({ b: 500 })
    await a.ask('finish')
    expect(await answers(a)).toEqual({ a: 500 })
  })

  test('make their own when leases are turned off', async () => {
    const [a, b] = await twoProcesses({ leaseMs: 0 })
    await Promise.all([begin(a, 'a'), begin(b, 'b')])
    await vi.waitFor(async () => expect([await made(a), await made(b)]).toEqual([1, 1]))
    await Promise.all([a.ask('finish'), b.ask('finish')])
    expect(await answers(a)).toEqual({ a: 500 })
    expect(await answers(b)).toEqual({ b: 500 })
  })
})

describe('two processes that want many keys', () => {
  const beginMany = (program: Program, value: string, keys: string[], calls = 100) =>
    program.ask('beginMany', { keys, value, calls })
  const madeKeys = (program: Program) => program.ask<string[]>('madeKeys')

  test('each make those that they came for first, and wait for the others', async () => {
    const [a, b] = await twoProcesses()
    await beginMany(a, 'a', ['1', '2'])
    await vi.waitFor(async () => expect(await madeKeys(a)).toEqual(['1', '2']))
    await beginMany(b, 'b', ['1', '2', '3', '4'])
    await vi.waitFor(async () => expect(await madeKeys(b)).toEqual(['3', '4']))
    await vi.waitFor(async () => expect(await b.ask('report')).toMatchObject({ activity: { waited: 2 } }))
    await Promise.all([a.ask('finish'), b.ask('finish')])
    expect(await answers(a)).toEqual({ '1 of a, 2 of a': 100 })
    expect(await answers(b)).toEqual({ '1 of a, 2 of a, 3 of b, 4 of b': 100 })
    expect([await made(a), await made(b)]).toEqual([1, 1])
  })

  test('take over what a killed one was making, in one call of the factory', async () => {
    const [a, b] = await twoProcesses({ leaseMs: 400 })
    const keys = ['1', '2', '3']
    await beginMany(a, 'a', keys)
    await vi.waitFor(async () => expect(await made(a)).toBe(1))
    await beginMany(b, 'b', keys)
    await vi.waitFor(async () => expect(await b.ask('report')).toMatchObject({ activity: { waited: 3 } }))
    a.kill()
    await vi.waitFor(async () => expect(await madeKeys(b)).toEqual(keys))
    await b.ask('finish')
    expect(await answers(b)).toEqual({ '1 of b, 2 of b, 3 of b': 100 })
    expect(await made(b)).toBe(1)
    expect(await b.ask('report')).toMatchObject({ activity: { takenOver: 3 } })
  })

  test('wait as long as a slow factory runs, longer than its leases would last', async () => {
    const [a, b] = await twoProcesses({ leaseMs: 150 })
    await a.ask('beginMany', { keys: ['1', '2'], value: 'a', calls: 1, afterMs: 1_000 })
    await vi.waitFor(async () => expect(await made(a)).toBe(1))
    await beginMany(b, 'b', ['2', '1'], 1)
    expect(await answers(b)).toEqual({ '2 of a, 1 of a': 1 })
    expect(await made(b)).toBe(0)
  })

  test('go on with their own factory when that of the other fails', async () => {
    const [a, b] = await twoProcesses()
    await beginMany(a, 'failure', ['1', '2'])
    await vi.waitFor(async () => expect(await made(a)).toBe(1))
    await beginMany(b, 'b', ['1', '2'])
    await vi.waitFor(async () => expect(await b.ask('report')).toMatchObject({ activity: { waited: 2 } }))
    await a.ask('finish')
    expect(await answers(a)).toEqual({ 'rejected: origin down': 100 })
    await vi.waitFor(async () => expect((await madeKeys(b)).toSorted()).toEqual(['1', '2']))
    await b.ask('finish')
    expect(await answers(b)).toEqual({ '1 of b, 2 of b': 100 })
  })
})

describe('a lease', () => {
  const open = async (namespace: string, options: Partial<CacheOptions> = {}): Promise<Cache> => {
    const registry = createCacheRegistry({ redisUrl: redisUrl() }, { checkEveryMs: 60_000 })
    closing.push(registry)
    const cache = await registry.create({ name: 'catalog', namespace, ...options })
    await vi.waitFor(() => expect(cache.report().bus).toBe('listening'))
    return cache
  }
  const redis = () => {
    const connection = new Redis(redisUrl())
    closing.push({ close: async () => connection.disconnect() })
    return connection
  }

  test.each([
    ['the key', { by: 'key', key: 'a' }],
    ['a tag', { by: 'tag', tag: 't' }],
    ['everything', { by: 'all' }],
  ] as const)('from before an invalidation of %s is taken over at once, and its value not stored', async (_, where) => {
    const namespace = `t-${newId()}`
    const [one, two] = await Promise.all([open(namespace), open(namespace)])
    const old = Promise.withResolvers<string>()
    const began = Promise.withResolvers<void>()
    const options = { tags: ['t'] }
    const call = one.getOrSet(
      'a',
      () => {
        began.resolve()
        return old.promise
      },
      options,
    )
    await began.promise
    await one.invalidate(where)
    expect(await two.getOrSet('a', () => 'new', options)).toBe('new')
    old.resolve('old')
    expect(await call).toBe('old')
    expect(await one.get('a')).toBe('new')
    expect(await two.get('a')).toBe('new')
  })

  test('that was lost bars its value: whoever took over wins, in whatever order they finish', async () => {
    const namespace = `t-${newId()}`
    const [one, two] = await Promise.all([open(namespace), open(namespace)])
    const values = [Promise.withResolvers<string>(), Promise.withResolvers<string>()] as const
    const begun = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const
    const factory = (at: 0 | 1) => () => {
      begun[at].resolve()
      return values[at].promise
    }
    const first = one.getOrSet('a', factory(0))
    await begun[0].promise
    // As if the process had been suspended for longer than its lease.
    await redis().del(`{${namespace}}:lease:a`)
    const second = two.getOrSet('a', factory(1))
    await begun[1].promise
    values[0].resolve('first')
    expect(await first).toBe('first')
    expect(await one.get('a')).toBeUndefined()
    values[1].resolve('second')
    expect(await second).toBe('second')
    expect(await one.get('a')).toBe('second')
    expect(one.report().totals.barred).toBe(1)
  })

  test('is gone once its value is stored, or its factory has failed or made nothing', async () => {
    const namespace = `t-${newId()}`
    const cache = await open(namespace)
    const connection = redis()
    const leases = () => connection.keys(`{${namespace}}:lease:*`)
    await cache.getOrSet('a', () => 1)
    await cache.getOrSet('b', () => Promise.reject(new Error('origin down'))).catch(() => undefined)
    await cache.getOrSet('c', () => undefined)
    await cache.getOrSet('d', () => 1n).catch(() => undefined)
    await cache.getOrSetMany(['e', 'f'], () => [['e', 1]])
    await cache.getOrSetMany(['g', 'h'], () => Promise.reject(new Error('origin down'))).catch(() => undefined)
    await vi.waitFor(async () => expect(await leases()).toEqual([]))
  })

  test('is not needed for what is there, and another process refreshes a stale value only once', async () => {
    const namespace = `t-${newId()}`
    const [one, two] = await Promise.all([open(namespace, { kind: 'redis' }), open(namespace, { kind: 'redis' })])
    await one.set('a', 'old', { softTtlMs: 1 })
    const value = Promise.withResolvers<string>()
    const factory = vi.fn(() => value.promise)
    await vi.waitFor(async () => {
      expect(await one.getOrSet('a', factory)).toBe('old')
      expect(factory).toHaveBeenCalledTimes(1)
    })
    expect(await two.getOrSet('a', factory)).toBe('old')
    await vi.waitFor(() => expect(two.report().activity?.waited).toBe(1))
    value.resolve('new')
    await vi.waitFor(async () => expect(await two.get('a')).toBe('new'))
    expect(factory).toHaveBeenCalledTimes(1)
  })
})
