import { expect, test, vi } from 'vitest'
import type { RunControl } from '../../../platform/operation/define.ts'
import { actorOf } from '../../../testing/open-test-console.ts'
import { refusalOf } from '../../../testing/outcomes.ts'
import { shopConsole } from '../../../testing/shop-console.ts'
import { maintain } from '../acts/maintain.ts'
import { dropIndex } from '../operations/drop-index.ts'

const shop = shopConsole()
const drop = { schema: 'public', index: 'product_named' }
const definition = 'CREATE INDEX product_named ON public.product USING btree (name)'
const index = async () => {
  const [row] =
    await shop.rows`select pg_get_indexdef(indexrelid) as definition, indisvalid as valid from pg_index where indexrelid = to_regclass('product_named')`
  return row
}

async function products() {
  await shop.rows`create table product (id int primary key, name text)`
  await shop.rows`create index product_named on product (name)`
}

/** A transaction that has read the table, for which a drop waits. */
async function reader() {
  const session = await shop.rows.reserve()
  await session`begin isolation level repeatable read`
  await session`select count(*) from product`
  return {
    async end() {
      await session`rollback`
      session.release()
    },
  }
}

const dropWaits = () =>
  vi.waitFor(
    async () =>
      expect(
        await shop.rows`select from pg_stat_activity where query like 'DROP INDEX CONCURRENTLY%' and wait_event_type = 'Lock' and datname = current_database()`,
      ).toHaveLength(1),
    { timeout: 10_000 },
  )

function environment() {
  const found = shop.console.environment(shop.environment)
  if (!found) throw new Error('the test console lacks its environment')
  return found
}

const controlOf = (more: Partial<RunControl> = {}): RunControl => ({
  runId: 'run',
  actor: { id: 'ada', name: 'Ada' },
  signal: new AbortController().signal,
  progress() {},
  item: async () => true,
  prior: new Map(),
  ...more,
})

const recover = () =>
  dropIndex.recover?.(
    { environment: environment() } as Parameters<typeof dropIndex.run>[0],
    { database: 'shop', ...drop, waitSeconds: 1 },
    controlOf({ prior: new Map([[definition, { status: 'done' }]]) }),
  )

test('a drop that waits too long leaves the index INVALID, says so, and undo builds it again', async () => {
  await products()
  const older = await reader()
  const run = await shop.act('database.drop-index', { ...drop, waitSeconds: 1 })
  expect(run).toMatchObject({ status: 'partial', summary: expect.stringContaining('product_named is INVALID now') })
  expect(await index()).toEqual({ definition, valid: false })
  await older.end()
  const undone = await shop.console.runner.undo(actorOf('admin'), shop.environment, run.id)
  expect(await shop.over(undone.id)).toMatchObject({ status: 'succeeded' })
  expect(await index()).toEqual({ definition, valid: true })
})

test('a drop whose connections are lost is reported as the database shows it', async () => {
  await products()
  const older = await reader()
  const run = shop.act('database.drop-index', drop)
  await dropWaits()
  await shop.rows`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'substation-act' and datname = current_database()`
  expect(await run).toMatchObject({
    status: 'partial',
    summary: expect.stringMatching(/lost after it was sent.* INVALID/),
    items: { byStatus: { failed: 1 } },
  })
  await older.end()
})

test('an index whose table someone locks is not taken for dropped', async () => {
  await products()
  const session = await shop.rows.reserve()
  await session`begin`
  await session`alter table product add column price int`
  expect(await recover()).toMatchObject({ status: 'failed', summary: expect.stringContaining('is still there') })
  expect(await refusalOf(shop.act('database.drop-index', drop))).toMatchObject({ code: 'conflict' })
  await session`rollback`
  session.release()
  await shop.rows`drop index product_named`
  expect(await recover()).toMatchObject({ status: 'succeeded', undo: { state: { definition } } })
})

test('undoing a build leaves alone another index that has taken the name', async () => {
  await products()
  const run = await shop.act('database.create-index', { schema: 'public', table: 'product', columns: ['name', 'id'] })
  expect(run).toMatchObject({ status: 'succeeded' })
  await shop.rows`drop index product_name_id_idx`
  await shop.rows`create index product_name_id_idx on product (id, name)`
  const undone = await shop.console.runner.undo(actorOf('admin'), shop.environment, run.id)
  expect(await shop.over(undone.id)).toMatchObject({
    status: 'failed',
    summary: 'product_name_id_idx is no longer the index that was built. Nothing was done.',
  })
  expect(await shop.rows`select from pg_class where relname = 'product_name_id_idx'`).toHaveLength(1)
})

test('nothing is sent when the ledger cannot be written, or once it was aborted', async () => {
  await products()
  const what = { statement: 'DROP INDEX CONCURRENTLY product_named', lockTimeoutMs: 1_000 }
  expect(await refusalOf(maintain(environment(), 'shop', what, controlOf({ item: async () => false })))).toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('Nothing was done'),
  })
  const lines: string[] = []
  const aborted = controlOf({
    signal: AbortSignal.abort(new Error('aborted by Ada')),
    item: async (_, status) => lines.push(status) > 0,
  })
  expect(await maintain(environment(), 'shop', what, aborted)).toMatchObject({ left: [], failed: expect.anything() })
  expect(lines).toEqual(['pending', 'skipped'])
  expect(await index()).toEqual({ definition, valid: true })
})
