import { readFileSync } from 'node:fs'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startRedis } from '../../../infrastructure/testing/servers.ts'
import { outages } from '../../platform/part/outages.ts'
import { redisReader } from './reader.ts'
import { redisSource } from './samples.ts'

let server: Awaited<ReturnType<typeof startRedis>>
let redis: Redis

beforeAll(async () => {
  server = await startRedis()
  redis = new Redis(server.url)
  redis.on('error', () => {})
})
afterAll(async () => {
  redis.disconnect()
  await server.stop()
})

const readerOf = (url = server.url) => {
  const at = { name: 'main', url, prefixes: ['bull'], address: 'redis' }
  return { at, reader: redisReader([at], 'test', outages()) }
}

describe('a Redis', () => {
  test('shows its memory against its limit, its keys and its problems', async () => {
    await redis.flushall()
    await redis.config('SET', 'maxmemory', '8mb')
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru')
    await redis.set('with-end', 'x', 'EX', 100)
    await redis.set('without', 'x')
    const { at, reader } = readerOf()
    const reading = await reader.read(at)
    expect(reading).toMatchObject({
      status: 'up',
      data: {
        role: 'master',
        memory: { limit: 8 * 2 ** 20, policy: 'allkeys-lru', used: expect.any(Number) },
        keys: { total: 2, expiring: 1 },
        troubles: [],
      },
    })
    await redis.config('SET', 'maxmemory', '0')
    await redis.config('SET', 'maxmemory-policy', 'noeviction')
    await reader.close()
  })

  test('shows its slow commands without the written values', async () => {
    await redis.config('SET', 'slowlog-log-slower-than', '0')
    await redis.set('session:1', 'a secret value')
    await redis.config('SET', 'slowlog-log-slower-than', '10000')
    const { at, reader } = readerOf()
    const slow = await reader.slowLog(at)
    const commands = slow.status === 'up' ? (slow.data.commands ?? []) : []
    expect(commands.map(entry => [entry.command, entry.more])).toContainEqual(['SET session:1', 1])
    expect(JSON.stringify(commands)).not.toContain('secret')
    await reader.close()
  })

  test('shows who is connected, a pool as one line', async () => {
    const pool = await Promise.all(
      [1, 2, 3].map(async number => {
        const connection = new Redis(server.url, { connectionName: `pool-${number}` })
        await connection.ping()
        return connection
      }),
    )
    const { at, reader } = readerOf()
    expect(await reader.clients(at)).toMatchObject({
      status: 'up',
      data: { groups: expect.arrayContaining([expect.objectContaining({ name: 'pool', count: 3 })]) },
    })
    for (const connection of pool) connection.disconnect()
    await reader.close()
  })

  test('its biggest keys are found, with type, size and time left', async () => {
    await redis.set('big:text', 'x'.repeat(200_000), 'EX', 1_000)
    await redis.rpush('big:list', ...Array.from({ length: 2_000 }, (_, at) => `entry ${at} ${'y'.repeat(200)}`))
    await redis.set('big:small', 'x')
    const { at, reader } = readerOf()
    const found = await reader.bigKeys(at, 'big:*')
    expect(found).toMatchObject({
      status: 'up',
      data: {
        lookedAt: 3,
        keys: [
          { key: 'big:list', type: 'list' },
          { key: 'big:text', type: 'string', ttlMs: expect.any(Number) },
          { key: 'big:small', type: 'string' },
        ],
      },
    })
    await reader.close()
  })

  test('for an account without rights the page says what it lacks, and the rest is there', async () => {
    await redis.call('ACL', 'SETUSER', 'poor', 'on', '>pw', '~*', '&*', '+ping', '+info', '+dbsize')
    const url = new URL(server.url)
    url.username = 'poor'
    url.password = 'pw'
    const { at, reader } = readerOf(url.href)
    const reading = await reader.read(at)
    expect(reading).toMatchObject({ status: 'up', data: { memory: { used: expect.any(Number) } } })
    const missing = reading.status === 'up' ? reading.data.capabilities.filter(({ allowed }) => !allowed) : []
    expect(missing.map(({ name }) => name)).toEqual(['CLIENT LIST', 'SCAN', 'CONFIG GET', 'EVAL', 'SLOWLOG GET'])
    expect(missing[0]?.remedy).toContain('+client|list')
    expect(await reader.slowLog(at)).toMatchObject({ status: 'up', data: {} })
    expect(await reader.clients(at)).toMatchObject({ status: 'up', data: {} })
    expect(await reader.bigKeys(at, '*')).toMatchObject({ status: 'down', reason: expect.stringMatching(/permit/) })
    await reader.close()
  })

  test('the rights that docs/existing-systems.md names are enough', async () => {
    const rights = /ACL SETUSER substation on >… (.*)/.exec(readFileSync('docs/existing-systems.md', 'utf8'))?.[1] ?? ''
    await redis.call('ACL', 'SETUSER', 'documented', 'on', '>pw', ...rights.split(' '))
    const url = new URL(server.url)
    url.username = 'documented'
    url.password = 'pw'
    const { at, reader } = readerOf(url.href)
    const reading = await reader.read(at)
    expect(reading.status === 'up' && reading.data.capabilities.filter(({ allowed }) => !allowed)).toEqual([])
    expect(await reader.bigKeys(at, '*')).toMatchObject({ status: 'up' })
    await reader.close()
  })

  test('is sampled: ratios between two samples, a gap where it does not answer', async () => {
    const { reader } = readerOf()
    const source = redisSource(reader)
    const signal = AbortSignal.timeout(5_000)
    await source.sample(signal)
    await redis.set('there', 'x')
    for (let n = 0; n < 3; n++) await redis.get('there')
    await redis.get('not there')
    const points = await source.sample(signal)
    expect(points).toContainEqual({ service: 'redis:main', series: 'redis_hit_ratio', value: 0.75 })
    await reader.close()
    const gone = readerOf('redis://127.0.0.1:1')
    expect(await redisSource(gone.reader).sample(signal)).toEqual([])
    expect(await gone.reader.read(gone.at)).toMatchObject({ status: 'down' })
    await gone.reader.close()
  })
})
