import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase } from '../../infrastructure/testing/servers.ts'
import { forceBreaker } from '../areas/breakers/operations/force.ts'
import type { Run } from '../platform/operation/wire.ts'
import { outages } from '../platform/part/outages.ts'
import { migrateStore, openStore } from '../platform/store/adapters/postgres.ts'
import type { Store } from '../platform/store/port.ts'
import { effectOf } from './effect.ts'
import { keepPartitions } from './partitions.ts'
import { seriesReader } from './read.ts'
import { MINUTE, STEP, stepOf } from './steps.ts'
import { sampleWriter } from './write.ts'

let database: Awaited<ReturnType<typeof createDatabase>>
let store: Store

beforeAll(async () => {
  database = await createDatabase()
  await migrateStore(database.url)
  store = await openStore(database.url)
})
afterAll(async () => {
  await store?.close()
  await database?.drop()
})

const run = (startedAt: number, finishedAt?: number): Run => ({
  id: 'r',
  operation: 'breaker.force',
  title: 'Force a breaker',
  environment: 'test',
  target: { kind: 'breaker', name: 'payments' },
  actor: { id: 'o', name: 'operator' },
  via: 'console',
  status: 'succeeded',
  input: { breaker: 'payments', scope: { kind: 'fleet' }, state: 'open', reason: 'the provider is down', minutes: 60 },
  items: { total: 0, byStatus: {}, sample: [] },
  startedAt,
  finishedAt,
  abortable: false,
})

test('an act on a breaker is shown with its calls before and after, over every service', async () => {
  const act = Math.floor((Date.now() - 8 * MINUTE) / STEP) * STEP + 4_000
  const reader = seriesReader({
    store,
    environment: 'test',
    outages: outages(),
    sampling: () => ({ leading: true, refused: 0 }),
  })
  await store.db.transaction(async tx => {
    await keepPartitions(tx, Date.now())
    const cells = ['checkout', 'worker'].flatMap(service =>
      Array.from({ length: 40 }, (_, index) => {
        const step = stepOf(act) - 20 + index
        const series = `breaker_calls{breaker="payments"}`
        return { step, service, series, kind: 'rate' as const, value: step < stepOf(act) ? 3 : 0 }
      }),
    )
    await sampleWriter('test').write(tx, cells, Date.now())
  })
  const effect = await effectOf(run(act, act + 1_000), forceBreaker, reader)
  if (effect?.status !== 'up') throw new Error('the effect could not be read')
  const [calls] = effect.data.figures
  expect(calls).toMatchObject({ label: 'Calls made per second', before: 6, after: 0 })
  expect(calls?.values[(calls?.mark ?? 0) - 1]).toBe(6)
  expect(calls?.values[calls?.mark ?? 0]).toBe(0)
  // What was never measured is left out, not drawn as zero.
  expect(effect.data.figures).toHaveLength(1)
  expect(await effectOf(run(act), forceBreaker, reader)).toBeUndefined()
})
