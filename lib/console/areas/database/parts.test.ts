import { expect, test } from 'vitest'
import type { FleetProcess } from '../../fleet/port.ts'
import { type JudgedDatabase, ofDatabases } from './attention.ts'
import { connectedOf } from './connected.ts'
import { ownerOf } from './owner.ts'
import { poolsOf } from './pools.ts'
import { hitRatioBetween } from './samples.ts'

const processes = [
  { service: 'checkout', instance: 'checkout-1' },
  { service: 'checkout-reports', instance: 'reports@10' },
  { service: 'till', instance: 'web-1:42' },
] as FleetProcess[]

test.each([
  ['checkout-1', { service: 'checkout', instance: 'checkout-1', own: false }],
  ['checkout-1: stock count', { service: 'checkout', instance: 'checkout-1', own: false }],
  ['checkout-12', { service: 'checkout', own: false }],
  ['checkout-reports', { service: 'checkout-reports', own: false }],
  ['till web-1:42', { service: 'till', instance: 'web-1:42', own: false }],
  ['till web-1:421', { service: 'till', own: false }],
  ['checkouts', { own: false }],
  ['psql', { own: false }],
  [undefined, { own: false }],
  ['substation-jobs', { own: true }],
  ['substation:production', { own: true }],
  ['substationary', { own: false }],
])('%s belongs to %o', (application, owner) => {
  expect(ownerOf(application, processes)).toEqual(owner)
})

test('the instances of a service are one row, by account and database', () => {
  const common = { database: 'shop', user: 'shop' }
  const { rows, states } = connectedOf(
    [
      { ...common, application: 'checkout-1', state: 'idle', count: 3 },
      { ...common, application: 'checkout-2', state: 'active', count: 1, longestTransactionMs: 20 },
      {
        ...common,
        application: 'checkout-2',
        state: 'idle in transaction (aborted)',
        count: 1,
        longestTransactionMs: 90,
      },
      { ...common, user: 'ada', count: 2 },
    ],
    processes,
  )
  expect(rows).toEqual([
    {
      ...common,
      who: 'checkout',
      known: true,
      own: false,
      count: 5,
      active: 1,
      idle: 3,
      idleInTransaction: 1,
      other: 0,
      longestTransactionMs: 90,
    },
    { ...common, user: 'ada', known: false, own: false, count: 2, active: 0, idle: 0, idleInTransaction: 0, other: 2 },
  ])
  expect(states).toEqual({ count: 7, active: 1, idle: 3, idleInTransaction: 1, other: 2 })
})

test('pools are those that lead to the database, of processes that live', () => {
  const pool = {
    name: 'orders',
    address: 'db:5432/shop',
    max: 4,
    size: 2,
    active: 1,
    idle: 1,
    waiting: 0,
    queries: 9,
    errors: 0,
  }
  const process = (instance: string, items: unknown[], state = 'up') =>
    ({
      id: instance,
      state,
      service: 'checkout',
      instance,
      details: new Map([['pools', { rev: 1, at: 0, items, total: items.length }]]),
    }) as unknown as FleetProcess
  const fleet = {
    redisNow: 0,
    skew: 0,
    processes: [
      process('checkout-1', [pool, { ...pool, name: 'reports', address: 'db:5432/reports' }]),
      process('checkout-2', [{ ...pool, waiting: 3 }, { ...pool, address: undefined }, { nonsense: true }]),
      process('checkout-3', [pool], 'lost'),
    ],
  }
  expect(poolsOf(fleet, 'db:5432/shop').map(({ instance, name }) => [instance, name])).toEqual([
    ['checkout-2', 'orders'],
    ['checkout-1', 'orders'],
  ])
})

test('a hit ratio is of what was read between two samples, and unknown when the counts began again', () => {
  expect(hitRatioBetween({ blocksHit: 10, blocksRead: 10 }, { blocksHit: 19, blocksRead: 11 })).toBe(0.9)
  expect(hitRatioBetween({ blocksHit: 10, blocksRead: 10 }, { blocksHit: 10, blocksRead: 10 })).toBeUndefined()
  expect(hitRatioBetween({ blocksHit: 10, blocksRead: 10 }, { blocksHit: 2, blocksRead: 20 })).toBeUndefined()
})

const healthy: JudgedDatabase = {
  name: 'shop',
  ofServer: true,
  blockers: [],
  figures: {
    transactions: 0,
    rolledBack: 0,
    blocksHit: 0,
    blocksRead: 0,
    deadlocks: 0,
    temporaryBytes: 0,
    waiting: 0,
    connections: 10,
    maxConnections: 100,
    reserved: 3,
    oldestAge: { transactions: 190_000_000, database: 'shop' },
    freezeAt: 200_000_000,
  },
}
const itemsOf = (changed: Partial<JudgedDatabase>) =>
  ofDatabases([{ ...healthy, ...changed }], 1_000_000).map(({ band, text }) => [band, text])
const figures = (changed: Partial<JudgedDatabase['figures']>) =>
  itemsOf({ figures: { ...healthy.figures, ...changed } })
const session = { pid: 7, session: '1', writes: true, queryCut: false, hidden: false, blockedBy: [] }
const waiter = { ...session, pid: 8, waitingMs: 12_000, blockedBy: [7] }

test.each<[string, () => unknown, unknown]>([
  ['a healthy one', () => itemsOf({}), []],
  [
    'connections near the limit',
    () => figures({ connections: 93 }),
    [['degraded', 'has 93 of 100 connections in use']],
  ],
  ['no connection left', () => figures({ connections: 97 }), [['failing', 'has 97 of 100 connections in use']]],
  [
    'transaction ids',
    () => figures({ oldestAge: { transactions: 1_050_000_000, database: 'shop' } }),
    [['degraded', 'has used 50 % of its transaction ids']],
  ],
  [
    'hardly any transaction ids',
    () => figures({ oldestAge: { transactions: 1_890_000_000, database: 'shop' } }),
    [['failing', 'has used 90 % of its transaction ids']],
  ],
  [
    'a transaction left open',
    () => figures({ longestIdleInTransaction: { ms: 600_000, pid: 9, here: true } }),
    [['notice', 'has a transaction that was left open for 10 min']],
  ],
  ['one that was just begun', () => figures({ longestIdleInTransaction: { ms: 60_000, pid: 9, here: true } }), []],
  [
    'a transaction left open that is a blocker already',
    () =>
      itemsOf({
        figures: { ...healthy.figures, longestIdleInTransaction: { ms: 600_000, pid: 7, here: true } },
        blockers: [
          { session: { ...session, application: 'till-1', state: 'active' }, waiting: [waiter], longestMs: 12_000 },
        ],
      }),
    [['failing', 'holds up 1 session of shop']],
  ],
  ['a wait of a moment', () => itemsOf({ blockers: [{ session, waiting: [waiter], longestMs: 900 }] }), []],
  [
    'a standby that lost its primary',
    () => itemsOf({ replication: { followers: [], slots: [], standby: { receiving: false } } }),
    [['degraded', 'does not receive from its primary']],
  ],
  [
    'a follower far behind',
    () => itemsOf({ replication: { followers: [{ name: 'spare', behindMs: 90_000 }], slots: [] } }),
    [['degraded', 'has a follower that is 90 s behind']],
  ],
  [
    'slots',
    () =>
      itemsOf({
        replication: {
          followers: [],
          slots: [
            { name: 'lost', kind: 'logical', active: false, state: 'lost' },
            { name: 'unread', kind: 'logical', active: false, keepsBytes: 6 * 1024 ** 3 },
            { name: 'read', kind: 'logical', active: true, keepsBytes: 6 * 1024 ** 3 },
          ],
        },
      }),
    [
      ['degraded', 'has lost what the slot lost should keep'],
      ['degraded', 'keeps 6 GB for the slot unread, which no one reads'],
    ],
  ],
])('attention: %s', (_what, items, expected) => {
  expect(items()).toEqual(expected)
})

test('what databases of one server share is said of one of them', () => {
  const full = { ...healthy, figures: { ...healthy.figures, connections: 95 } }
  expect(ofDatabases([full, { ...full, name: 'reports', ofServer: false }], 0).map(({ subject }) => subject)).toEqual([
    'shop',
  ])
})
