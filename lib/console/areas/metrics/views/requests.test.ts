import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase, redisUrl } from '../../../../infrastructure/testing/servers.ts'
import type { Console } from '../../../open.ts'
import { migrateStore, openStore } from '../../../platform/store/adapters/postgres.ts'
import type { Cell } from '../../../series/cells.ts'
import { keepPartitions } from '../../../series/partitions.ts'
import { BUCKETS } from '../../../series/percentile.ts'
import { MINUTE, stepOf } from '../../../series/steps.ts'
import { sampleWriter } from '../../../series/write.ts'
import { actorOf, openTestConsole, testSettings } from '../../../testing/open-test-console.ts'
import type { Division } from '../requests-by.ts'
import { requestsView } from './requests.ts'

let database: Awaited<ReturnType<typeof createDatabase>>
let console: Console
let environment: string

beforeAll(async () => {
  database = await createDatabase()
  const settings = testSettings({ databaseUrl: database.url, redisUrl: redisUrl() })
  environment = settings.environments[0]?.name ?? ''
  await migrateStore(database.url)
  const store = await openStore(database.url)
  await store.db.transaction(async tx => {
    await keepPartitions(tx, Date.now())
    await sampleWriter(environment).write(tx, figures(), Date.now())
  })
  await store.close()
  console = await openTestConsole(settings)
})
afterAll(async () => {
  await console?.close()
  await database?.drop()
})

const inBucket = (index: number) => Array.from({ length: BUCKETS }, (_, place) => (place === index ? 10 : 0))

/** Two steps of a shop that answers two routes, one of which failed once, and of a till. */
function figures(): Cell[] {
  const step = stepOf(Date.now() - 2 * MINUTE)
  const rate = (offset: number, series: string, value: number, service = 'shop'): Cell => ({
    step: step + offset,
    service,
    series,
    kind: 'rate',
    value,
  })
  const times = (offset: number, series: string, bucket: number): Cell => ({
    ...rate(offset, series, 1),
    kind: 'spread',
    spread: inBucket(bucket),
  })
  return [
    rate(0, 'http_requests_total{route="GET /",status="200"}', 4),
    rate(1, 'http_requests_total{route="GET /",status="200"}', 6),
    rate(0, 'http_requests_total{route="POST /orders",status="200"}', 1),
    rate(1, 'http_requests_total{route="POST /orders",status="200"}', 0),
    // First seen in the second step: in the first there was none.
    rate(1, 'http_requests_total{route="POST /orders",status="503"}', 1),
    times(0, 'http_request_seconds{route="GET /"}', 2),
    times(1, 'http_request_seconds{route="GET /"}', 2),
    times(1, 'http_request_seconds{route="POST /orders"}', 9),
    rate(0, 'http_requests_total{route="GET /",status="200"}', 9, 'till'),
    rate(0, 'version_requests{version="1.0.0"}', 5),
    rate(1, 'version_requests{version="2.0.0"}', 7),
    rate(0, 'process_requests{process="shop-1"}', 5),
    rate(0, 'process_request_errors{process="shop-1"}', 0),
  ]
}

async function read(by: Division, service = 'shop') {
  const { data } = await console.view(requestsView, environment, actorOf('viewer'), { by, service, range: '15m' })
  if (data.requests.status !== 'up') throw new Error('the requests could not be read')
  return data.requests.data
}

test('by route: how many, how many failed, how long they took, the busiest first', async () => {
  const { rows, total } = await read('route')
  expect(rows.map(({ name }) => name)).toEqual(['GET /', 'POST /orders'])
  expect(total).toBe(2)
  const [home, orders] = rows
  expect(home).toMatchObject({ service: 'shop', requests: 5, errors: 0 })
  expect(orders).toMatchObject({ requests: 1, errors: 0.5 })
  expect(home?.p95).toBeLessThan(0.01)
  expect(orders?.p95).toBeGreaterThan(0.1)
  expect(home?.values.filter(value => value !== null)).toEqual([4, 6])
  expect(orders?.latency?.filter(value => value !== null)).toHaveLength(1)
})

test('by version and by process; where errors or times are not counted they are unknown', async () => {
  expect((await read('version')).rows).toMatchObject([
    { name: '2.0.0', requests: 7, errors: null, p95: null },
    { name: '1.0.0', requests: 5, errors: null, p95: null },
  ])
  expect((await read('process')).rows).toMatchObject([{ name: 'shop-1', requests: 5, errors: 0 }])
})

test('with all services, each has its own rows', async () => {
  const { rows } = await read('route', '')
  expect(rows.map(({ service, name }) => `${service} ${name}`)).toEqual([
    'till GET /',
    'shop GET /',
    'shop POST /orders',
  ])
})
