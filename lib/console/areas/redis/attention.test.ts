import { expect, test } from 'vitest'
import type { RedisReading } from '../../servers/redis/port.ts'
import { redisTroubles } from '../../servers/redis/trouble.ts'
import { ofRedis, timeToFull } from './attention.ts'

const MIB = 2 ** 20
type Facts = Omit<RedisReading, 'troubles'>
const facts = (more: Partial<Facts> = {}): Facts => ({
  latencyMs: 1,
  memory: { used: 10 * MIB, limit: 100 * MIB, policy: 'noeviction' },
  clients: { connected: 10, limit: 10_000 },
  persistence: { rdb: { failed: false }, aof: { enabled: true, failed: false } },
  replication: { replicas: [] },
  capabilities: [],
  ...more,
})
const memory = (used: number, policy = 'noeviction') => ({ memory: { used: used * MIB, limit: 100 * MIB, policy } })
const kinds = (more?: Partial<Facts>) => redisTroubles(facts(more)).map(({ kind, band }) => `${kind} ${band}`)

test('a healthy Redis has no trouble, and each problem is one', () => {
  expect(kinds()).toEqual([])
  expect(kinds(memory(95))).toEqual(['memory degraded'])
  expect(kinds(memory(100))).toEqual(['refuses-writes outage'])
  expect(kinds(memory(100, 'allkeys-lru'))).toEqual(['memory degraded'])
  expect(kinds({ clients: { connected: 9_500, limit: 10_000 } })).toEqual(['connections degraded'])
  expect(kinds({ persistence: { rdb: { failed: true }, aof: { enabled: true, failed: true } } })).toEqual([
    'append-only-file failing',
    'save degraded',
  ])
  expect(kinds({ replication: { replicas: [], primary: { address: 'a:1', up: false } } })).toEqual([
    'replication degraded',
  ])
})

test('what the account may not ask for is not judged', () => {
  expect(kinds({ memory: {}, clients: {}, persistence: {} })).toEqual([])
})

const judged = (more: Partial<Facts>, carriesFleet = false, series?: Parameters<typeof timeToFull>[0]) => {
  const reading = facts(more)
  return ofRedis([
    {
      name: 'main',
      carriesFleet,
      reading: { status: 'up', at: 0, data: { ...reading, troubles: redisTroubles(reading) } },
      memory: series,
    },
  ])
}

test('a fleet Redis that refuses writes leaves the console without reports; any other one is an outage', () => {
  expect(judged(memory(100), true)).toMatchObject([{ band: 'blind', subject: 'main', href: 'redis?server=main' }])
  expect(judged(memory(100))).toMatchObject([{ band: 'outage', text: 'refuses writes: its memory is full' }])
})

test('for memory that grows towards its limit the item says when it is full, by its trend', () => {
  const series = (...used: (number | null)[]) => ({
    service: 'redis:main',
    series: 'redis_used_bytes',
    step: 60_000,
    until: 0,
    values: used.map(value => (value === null ? null : value * MIB)),
  })
  // A MiB a minute, five left.
  expect(timeToFull(series(90, 91, null, 93, 94, 95), 100 * MIB)).toBe('about 5 min')
  expect(timeToFull(series(95, 95, 95, 95, 95, 95), 100 * MIB)).toBeUndefined()
  expect(timeToFull(series(94, 95), 100 * MIB)).toBeUndefined()
  expect(timeToFull(series(94.99, 94.99, 94.99, 94.99, 95), 1_000_000 * MIB)).toBeUndefined()
  expect(judged(memory(95), false, series(90, 91, 92, 93, 94, 95))[0]?.detail).toContain('about 5 min')
})

test('a Redis that evicts keys is a notice with its rate; one that did so an hour ago is not', () => {
  const evictions = (...values: number[]) => ({ service: 's', series: 'e', step: 30_000, until: 0, values })
  const reading = { status: 'up' as const, at: 0, data: { ...facts(memory(50, 'allkeys-lru')), troubles: [] } }
  const of = (rates: ReturnType<typeof evictions>) =>
    ofRedis([{ name: 'main', carriesFleet: false, reading, evictions: rates }]).map(
      ({ band, text }) => `${band}: ${text}`,
    )
  expect(of(evictions(0, 0, 12, 12, 12, 12))).toEqual(['notice: evicts 12 keys/s'])
  expect(of(evictions(12, 12, 0, 0, 0, 0))).toEqual([])
})
