import { expect, test } from 'vitest'
import { splitCounts } from './split-counts.ts'

const requests = { total: 12 }
const duration = { total: 12, buckets: [10, 2] }
const counts = new Map([
  ['logins', { total: 3 }],
  ['requests', requests],
  ['request_seconds', duration],
])
const identity = { v: 1, id: 'p', service: 'shop', instance: 'shop-1', host: 'h', pid: 1, startedAt: 0, verbs: [] }

test('requests are also counted by version and by process, after everything else; other metrics are not', () => {
  const split = splitCounts({ identity: { ...identity, version: '2.1.0' }, instance: 'shop-1' }, counts)
  expect([...split].slice(0, 3)).toEqual([...counts])
  expect(new Map([...split].slice(3))).toEqual(
    new Map([
      ['version_requests{version="2.1.0"}', requests],
      ['version_request_seconds{version="2.1.0"}', duration],
      ['process_requests{process="shop-1"}', requests],
      ['process_request_seconds{process="shop-1"}', duration],
    ]),
  )
})

test('a process without a version is not split by it', () => {
  const split = splitCounts({ identity, instance: 'shop-1' }, counts)
  expect([...split.keys()].filter(name => name.startsWith('version_'))).toEqual([])
})
