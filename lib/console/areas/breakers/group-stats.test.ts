import { expect, test } from 'vitest'
import type { BreakerInstance } from './collect.ts'
import { groupStats } from './group-stats.ts'

type Stats = NonNullable<BreakerInstance['stats']>
const stats = (more: Partial<Stats> = {}): Stats => ({
  windowMs: 60_000,
  calls: 10,
  failures: 2,
  timeouts: 1,
  rejected: 3,
  ignored: 4,
  slow: 5,
  failureClasses: [],
  otherFailures: 0,
  ...more,
})
const member = (instance: string, own?: Stats) => ({ instance, stats: own }) as BreakerInstance
const failure = (name: string, count: number, at: number, code?: string) => ({
  name,
  count,
  at,
  message: `${name} at ${at}`,
  ...(code === undefined ? {} : { code }),
})

test('counts add up, percentiles do not: those of the slowest process are shown with its name', () => {
  const found = groupStats([
    member('a', stats({ latencyMs: { p50: 10, p95: 90, p99: 95 } })),
    member('b', stats({ latencyMs: { p50: 50, p95: 80, p99: 300 } })),
    member('old'),
  ])
  expect(found).toMatchObject({
    calls: 20,
    failures: 4,
    timeouts: 2,
    rejected: 6,
    ignored: 8,
    slow: 10,
    latencyMs: { p50: 10, p95: 90, p99: 95, instance: 'a' },
    measuring: 2,
    living: 3,
  })
})

test('failures are merged by class and code, the most frequent first, with the latest message and where it came from', () => {
  const found = groupStats([
    member('a', stats({ failureClasses: [failure('Error', 1, 5), failure('ProviderError', 4, 1, 'E503')] })),
    member('b', stats({ failureClasses: [failure('ProviderError', 3, 9, 'E503'), failure('ProviderError', 2, 9)] })),
  ])
  expect(found?.failureClasses).toEqual([
    { name: 'ProviderError', code: 'E503', count: 7, at: 9, message: 'ProviderError at 9', instance: 'b' },
    { name: 'ProviderError', count: 2, at: 9, message: 'ProviderError at 9', instance: 'b' },
    { name: 'Error', count: 1, at: 5, message: 'Error at 5', instance: 'a' },
  ])
})

test('classes beyond those that are listed are counted', () => {
  const many = Array.from({ length: 14 }, (_, at) => failure(`Error${at}`, 20 - at, at))
  const found = groupStats([member('a', stats({ failureClasses: many, otherFailures: 5 }))])
  expect(found?.failureClasses).toHaveLength(12)
  expect(found?.otherFailures).toBe(5 + 8 + 7)
})

test('nothing measured is nothing known, not zero', () => {
  expect(groupStats([member('old')])).toBeUndefined()
  expect(groupStats([])).toBeUndefined()
  expect(groupStats([member('a', stats())])?.latencyMs).toBeUndefined()
})
