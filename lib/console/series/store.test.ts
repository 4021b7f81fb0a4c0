import { sql } from 'drizzle-orm'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../core/ids.ts'
import { createDatabase } from '../../infrastructure/testing/servers.ts'
import { outages } from '../platform/part/outages.ts'
import type { SeriesKey } from '../platform/samples.ts'
import { advisoryLead } from '../platform/store/adapters/lead.ts'
import { migrateStore, openStore } from '../platform/store/adapters/postgres.ts'
import { LeadLostError, type Store } from '../platform/store/port.ts'
import type { Cell } from './cells.ts'
import { keepPartitions } from './partitions.ts'
import { BUCKETS, percentileOf } from './percentile.ts'
import { seriesReader } from './read.ts'
import { rollUp } from './rollup.ts'
import { DAY, MINUTE, STEP, stepOf } from './steps.ts'
import { sampleWriter } from './write.ts'

let database: Awaited<ReturnType<typeof createDatabase>>
let store: Store

beforeAll(async () => {
  database = await createDatabase()
  await migrateStore(database.url)
  store = await openStore(database.url)
  await store.db.transaction(tx => keepPartitions(tx, Date.now()))
})
afterAll(async () => {
  await store?.close()
  await database?.drop()
})

function environment() {
  const name = `t-${newId().toLowerCase()}`
  const writer = sampleWriter(name)
  const reader = seriesReader({
    store,
    environment: name,
    outages: outages(),
    sampling: () => ({ leading: true, refused: 0 }),
  })
  return {
    name,
    write: (cells: Cell[]) => store.db.transaction(tx => writer.write(tx, cells, Date.now())),
    rollUp: (now: number) => store.db.transaction(tx => rollUp(tx, name, now)),
    reader,
    async range(key: SeriesKey, from: number, to: number, points?: number) {
      const part = await reader.range([key], { from, to, points })
      if (part.status !== 'up') throw new Error('the range could not be read')
      return part.data[0]
    },
  }
}

const spread = (at: Record<number, number>) => Array.from({ length: BUCKETS }, (_, index) => at[index] ?? 0)
const cell = (step: number, more: Partial<Cell>): Cell => ({
  step,
  service: 'shop',
  series: 'requests',
  kind: 'rate',
  value: 1,
  ...more,
})
/** Far enough back to be settled, and on a whole minute. */
const back = (ms: number) => Math.floor((Date.now() - ms) / MINUTE) * MINUTE

test('what was not measured is null, between what was', async () => {
  const { write, range } = environment()
  const from = back(5 * MINUTE)
  await write([0, 1, 4].map(index => cell(stepOf(from) + index, { value: index })))
  const series = await range({ service: 'shop', series: 'requests' }, from, from + 5 * STEP, 5)
  expect(series).toMatchObject({ step: STEP, until: from + 5 * STEP, values: [0, 1, null, null, 4] })
})

test('services together: rates are added, the worst is the worst of all, and percentiles come from merged buckets', async () => {
  const { write, range } = environment()
  const from = back(5 * MINUTE)
  const step = stepOf(from)
  const fast = spread({ 3: 90 })
  const slow = spread({ 12: 10 })
  await write([
    cell(step, { service: 'a', value: 2 }),
    cell(step, { service: 'b', value: 3 }),
    cell(step, { service: 'a', series: 'lag', kind: 'worst', value: 0.1 }),
    cell(step, { service: 'b', series: 'lag', kind: 'worst', value: 0.4 }),
    cell(step, { service: 'a', series: 'seconds', kind: 'spread', value: 9, spread: fast }),
    cell(step, { service: 'b', series: 'seconds', kind: 'spread', value: 1, spread: slow }),
  ])
  const at = async (key: SeriesKey) => (await range(key, from, from + STEP, 1))?.values[0]
  expect(await at({ service: '*', series: 'requests' })).toBe(5)
  expect(await at({ service: '*', series: 'lag' })).toBe(0.4)
  const merged = fast.map((count, index) => count + (slow[index] ?? 0))
  expect(await at({ service: '*', series: 'seconds', percentile: 0.95 })).toBe(percentileOf(merged, 0.95))
  expect(await at({ service: 'a', series: 'seconds', percentile: 0.95 })).toBe(percentileOf(fast, 0.95))
})

test('minutes equal their ten seconds, and late readings are added to them', async () => {
  const { write, range, rollUp } = environment()
  const from = back(3 * 3_600_000)
  const step = stepOf(from)
  const minutes = (key: SeriesKey) => range(key, from, from + 2 * MINUTE, 2)
  await write([
    ...[2, 4, 6, 8, 10].map((value, index) => cell(step + index, { value })),
    cell(step, { series: 'lag', kind: 'worst', value: 1 }),
    cell(step + 1, { series: 'lag', kind: 'worst', value: 9 }),
    cell(step, { series: 'seconds', kind: 'spread', value: 1, spread: spread({ 2: 4 }) }),
    cell(step + 1, { series: 'seconds', kind: 'spread', value: 1, spread: spread({ 2: 1, 18: 1 }) }),
  ])
  await rollUp(from + 4 * MINUTE)
  expect(await minutes({ service: 'shop', series: 'requests' })).toMatchObject({ step: MINUTE, values: [6, null] })
  expect((await minutes({ service: 'shop', series: 'lag' }))?.values[0]).toBe(9)
  expect((await minutes({ service: 'shop', series: 'seconds', percentile: 0.5 }))?.values[0]).toBe(
    percentileOf(spread({ 2: 5, 18: 1 }), 0.5),
  )
  await write([cell(step + 5, { value: 60 })])
  await rollUp(from + 5 * MINUTE)
  expect((await minutes({ service: 'shop', series: 'requests' }))?.values[0]).toBe(15)
})

test('minutes that are not over yet are read from their ten seconds', async () => {
  const { write, range, rollUp } = environment()
  const from = back(4 * MINUTE)
  await write(Array.from({ length: 18 }, (_, index) => cell(stepOf(from) + index, { value: index < 6 ? 1 : 5 })))
  await rollUp(from + MINUTE + 20_000)
  expect((await range({ service: 'shop', series: 'requests' }, from, from + 3 * MINUTE, 3))?.values).toEqual([1, 5, 5])
})

test('partitions are created ahead, and dropped when they expire', async () => {
  const days = async () =>
    (
      await store.db.execute<{ name: string }>(
        sql`select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid order by 1`,
      )
    ).map(({ name }) => name)
  const day = (at: number) => new Date(at).toISOString().slice(0, 10).replaceAll('-', '')
  const now = Date.now()
  await store.db.transaction(tx => keepPartitions(tx, now - 40 * DAY))
  expect(await days()).toContain(`sample_${day(now - 40 * DAY)}`)
  await store.db.transaction(tx => keepPartitions(tx, now - 20 * DAY))
  await store.db.transaction(tx => keepPartitions(tx, now))
  const left = await days()
  expect(left).not.toContain(`sample_${day(now - 40 * DAY)}`)
  expect(left).not.toContain(`sample_minute_${day(now - 40 * DAY)}`)
  expect(left).not.toContain(`sample_${day(now - 20 * DAY)}`)
  expect(left).toContain(`sample_minute_${day(now - 20 * DAY)}`)
  expect(left).toContain(`sample_${day(now + 2 * DAY)}`)
})

test('a leader whose session has ended writes nothing', async () => {
  const name = newId()
  const first = advisoryLead(database.url, name)
  const second = advisoryLead(database.url, name)
  const admin = postgres(database.url, { max: 1, onnotice: () => {} })
  expect(await first.claim()).toBe(true)
  expect(await second.claim()).toBe(false)
  await admin`select pg_terminate_backend(pid) from pg_stat_activity where application_name = ${`substation:${name}`} and pid in (
    select pid from pg_locks where locktype = 'advisory' and granted)`
  while (!(await second.claim())) await new Promise(resolve => setTimeout(resolve, 20))
  // It has not noticed yet, and is refused on the very connection on which it would write.
  const wrote = await first
    .transaction(async () => 'wrote')
    .catch(error => (error instanceof LeadLostError ? 'refused' : first.transaction(async () => 'wrote')))
    .catch(error => (error instanceof LeadLostError ? 'refused' : 'failed'))
  expect(wrote).toBe('refused')
  expect(await second.transaction(async () => 'wrote')).toBe('wrote')
  await Promise.all([first.release(), second.release(), admin.end()])
})

test('all label sets of a name together', async () => {
  const { write, range } = environment()
  const from = back(5 * MINUTE)
  const of = (labels: string, value: number) => cell(stepOf(from), { series: `calls${labels}`, value })
  await write([of('{route="/a"}', 2), of('{route="/b"}', 3), of('_other{route="/a"}', 100)])
  expect((await range({ service: 'shop', series: 'calls{*}' }, from, from + STEP, 1))?.values).toEqual([5])
})

test('a group of series is read as one: added up in each step, with percentiles of all observations of the span', async () => {
  const { write, reader } = environment()
  const from = back(5 * MINUTE)
  const step = stepOf(from)
  const [fast, slow] = [spread({ 3: 90 }), spread({ 12: 10 })]
  await write([
    ...[1, 3].map((value, index) => cell(step + index, { series: 'calls{status="200"}', value })),
    cell(step + 1, { series: 'calls{status="500"}', value: 2 }),
    cell(step + 1, { service: 'till', series: 'calls{status="200"}', value: 100 }),
    cell(step, { series: 'seconds{route="/"}', kind: 'spread', value: 9, spread: fast }),
    cell(step + 1, { series: 'seconds{route="/"}', kind: 'spread', value: 1, spread: slow }),
  ])
  const of = (series: string) => ({ service: 'shop', series })
  const part = await reader.grouped(
    [
      { id: 'calls', members: [of('calls{status="200"}'), of('calls{status="500"}')] },
      { id: 'seconds', members: [of('seconds{route="/"}')], percentiles: [0.5, 0.95] },
      { id: 'unknown', members: [of('nothing')] },
    ],
    { from, to: from + 3 * STEP, points: 3 },
  )
  if (part.status !== 'up') throw new Error('the groups could not be read')
  const [calls, seconds, ...others] = part.data
  expect(others).toEqual([])
  expect(calls).toMatchObject({ id: 'calls', step: STEP, values: [1, 5, null], whole: { value: 3 } })
  const merged = fast.map((count, index) => count + (slow[index] ?? 0))
  expect(seconds?.percentiles).toEqual([
    [percentileOf(fast, 0.5), percentileOf(slow, 0.5), null],
    [percentileOf(fast, 0.95), percentileOf(slow, 0.95), null],
  ])
  expect(seconds?.whole.percentiles).toEqual([percentileOf(merged, 0.5), percentileOf(merged, 0.95)])
})

test('series split by process are found by name, and are no registered metrics', async () => {
  const { write, reader } = environment()
  const step = stepOf(back(MINUTE))
  const split = 'process_requests{process="shop-1"}'
  await write([cell(step, {}), cell(step, { series: split }), cell(step, { series: split, service: 'till' })])
  const namesOf = (part: Awaited<ReturnType<typeof reader.list>>) =>
    part.status === 'up' ? part.data.map(({ service, series }) => `${service} ${series}`) : part.reason
  expect(namesOf(await reader.list())).toEqual(['shop requests'])
  const families = ['process_requests']
  expect(namesOf(await reader.members(families, { since: 0 }))).toEqual([`shop ${split}`, `till ${split}`])
  expect(namesOf(await reader.members(families, { since: 0, service: 'till' }))).toEqual([`till ${split}`])
  // What has not been measured since then is left out.
  expect(namesOf(await reader.members(families, { since: Date.now() + 3_600_000 }))).toEqual([])
})
