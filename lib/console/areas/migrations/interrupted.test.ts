import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { and, desc, eq, sql } from 'drizzle-orm'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { operationItem, operationRun } from '../../../../drizzle/schema/index.ts'
import { newId } from '../../../core/ids.ts'
import { actorOf } from '../../testing/open-test-console.ts'
import { shopConsole } from '../../testing/shop-console.ts'

const shop = shopConsole()
const admin = actorOf('admin')

test('aborting cancels the statement and leaves nothing', async () => {
  await shop.act('migration.run', { createJournal: true })
  await shop.write('0003_slow', 'create table slow (id int); select pg_sleep(60)')
  const asked = shop.request('migration.run', {})
  const { token } = await shop.console.runner.preview(admin, asked)
  const { id } = await shop.console.runner.run(admin, { ...asked, token, typedName: 'shop' })
  await vi.waitFor(
    async () =>
      expect(
        await shop.rows`select from pg_stat_activity where query = 'select pg_sleep(60)' and state = 'active'`,
      ).toHaveLength(1),
    { timeout: 10_000 },
  )
  await shop.console.runner.abort(admin, shop.environment, id)
  expect(await shop.over(id)).toMatchObject({
    status: 'aborted',
    summary: expect.stringContaining('Nothing of it was left'),
  })
  expect(await shop.tables()).toEqual(['product'])
})

describe('a console that is killed in the middle', () => {
  test.each([
    ['create table slow (id int); select pg_sleep(30)', 'failed', ['product']],
    ['create table slow (id int)', 'succeeded', ['product', 'slow']],
  ])(
    '%s is settled from the journal',
    async (body, status, left) => {
      await shop.act('migration.run', { createJournal: true })
      await shop.write('0003_slow', body)
      const child = spawn(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', resolve('lib/console/testing/console-killed-at.ts')],
        { stdio: ['pipe', 'ignore', 'inherit'] },
      )
      const gone = new Promise(done => child.on('exit', (_code, signal) => done(signal)))
      await shop.console.close()
      child.stdin.end(
        JSON.stringify({
          step: 'ran',
          settings: shop.settings,
          request: shop.request('migration.run', {}),
          role: 'admin',
          typedName: 'shop',
        }),
      )
      if (status === 'failed') {
        await vi.waitFor(
          async () =>
            expect(
              await shop.rows`select from pg_stat_activity where query = 'select pg_sleep(30)' and state = 'active'`,
            ).toHaveLength(1),
          { timeout: 30_000, interval: 100 },
        )
        child.kill('SIGKILL')
      }
      expect(await gone).toBe('SIGKILL')
      await shop.open()
      await shop.console.store.db
        .update(operationRun)
        .set({ heartbeatAt: sql`now() - interval '1 minute'` })
        .where(and(eq(operationRun.environment, shop.environment), eq(operationRun.status, 'running')))
      await shop.console.runner.reap()
      const [row] = await shop.console.store.db
        .select()
        .from(operationRun)
        .where(eq(operationRun.environment, shop.environment))
        .orderBy(desc(operationRun.startedAt))
      const run = await shop.over(row?.id ?? '')
      expect(run).toMatchObject({ status, summary: expect.stringContaining('By the journal of shop') })
      expect(await shop.tables()).toEqual(left)
      const items = await shop.console.store.db
        .select()
        .from(operationItem)
        .where(and(eq(operationItem.runId, run.id), eq(operationItem.key, '0003_slow')))
      expect(items).toMatchObject([{ status: status === 'succeeded' ? 'done' : 'failed' }])
    },
    90_000,
  )
})

test('files that differ between where it was confirmed and where it runs are refused', async () => {
  await shop.reopen({
    // As on another console with another version of the folder.
    onStep: async step => (step === 'begun' ? shop.write('0002_price', 'drop table product') : undefined),
  })
  const run = await shop.act('migration.run', { createJournal: true })
  expect(run).toMatchObject({
    status: 'failed',
    summary: expect.stringMatching(/^What would be run in shop is no longer what was confirmed: .*Nothing was done\./),
  })
  expect(await shop.tables()).toEqual([])
  await shop.write('0002_price', 'alter table product add column price int', 'alter table product drop column price')
  await shop.reopen()
  await shop.act('migration.run', { createJournal: true })
  await shop.reopen({
    onStep: async step =>
      step === 'begun'
        ? shop.write('0002_price', 'alter table product add column price int', 'drop table product')
        : undefined,
  })
  const back = await shop.act('migration.roll-back', { to: '0001_product', reason: 'not wanted' })
  expect(back).toMatchObject({ status: 'failed', summary: expect.stringContaining('no longer what was confirmed') })
  expect(await shop.tables()).toEqual(['product'])
})

describe("while the console's own Postgres is unsteady", () => {
  const flapping = (body: string) =>
    shop.console.store.db.execute(
      sql.raw(`create sequence public.flaps;
        create function public.flap() returns trigger language plpgsql as $$ begin ${body} return new; end $$;
        create trigger flap before insert on substation.operation_item for each row execute function public.flap()`),
    )
  afterEach(() =>
    shop.console.store.db.execute(sql.raw('drop function public.flap cascade; drop sequence public.flaps')),
  )

  test('what could not be written at first is written again, and the run goes on', async () => {
    await flapping(`if nextval('public.flaps') <= 3 then raise exception 'full' using errcode = '53300'; end if;`)
    expect(await shop.act('migration.run', { createJournal: true })).toMatchObject({
      status: 'succeeded',
      items: { byStatus: { done: 4 } },
    })
  })

  test('lines that cannot be written once it runs do not end it', async () => {
    await flapping(`if nextval('public.flaps') > 2 then raise exception 'full'; end if;`)
    expect(await shop.act('migration.run', { createJournal: true })).toMatchObject({ status: 'succeeded' })
    expect(await shop.tables()).toEqual(['product'])
  })

  test('a plan that cannot be written is not begun', async () => {
    await flapping(`raise exception 'full';`)
    const run = await shop.act('migration.run', { createJournal: true })
    expect(run).toMatchObject({
      status: 'failed',
      summary: expect.stringContaining("console's Postgres. Nothing was done."),
    })
    expect(await shop.tables()).toEqual([])
  })
})

describe('a run whose console was lost', () => {
  /** The state when the worker of a begun run stopped reporting. */
  async function abandoned(operation: string, input: object, planned: string[]): Promise<string> {
    const id = newId()
    await shop.console.store.db.insert(operationRun).values({
      ...{ id, operation, environment: shop.environment, targetKind: 'database', targetName: 'shop' },
      ...{ actorId: admin.id, actorName: admin.name, actorRole: 'admin', via: 'api', request: 'r', status: 'running' },
      ...{ input, payload: { input: { database: 'shop', ...input } }, durable: true, worker: 'dead' },
      ...{ begunAt: new Date(), heartbeatAt: new Date(Date.now() - 60_000) },
    })
    for (const key of planned)
      await shop.console.store.db.insert(operationItem).values({ runId: id, key, status: 'pending' })
    await shop.console.runner.reap()
    return id
  }

  test('is unknown while its database cannot be asked, and the sentence names that database', async () => {
    const [target] = shop.settings.environments
    const url = 'postgres://x@127.0.0.1:1/none'
    if (target) target.databases = [{ name: 'shop', url, migrations: { folder: shop.folder, url } }]
    await shop.reopen()
    expect(await shop.over(await abandoned('migration.run', {}, ['0001_product']))).toMatchObject({
      status: 'unknown',
      summary: expect.stringMatching(/is not known\. Postgres shop refuses connections\. Check shop/),
    })
  })

  test('is unknown where the migration under way runs outside a transaction; later ones were not begun', async () => {
    await shop.act('migration.run', { createJournal: true })
    await shop.write('0003_index', 'create index concurrently product_price on product (price)')
    await shop.write('0004_late', 'create table late (id int)')
    const run = await shop.over(await abandoned('migration.run', {}, ['0004_late', '0002_price', '0003_index']))
    expect(run).toMatchObject({
      status: 'unknown',
      summary: expect.stringMatching(
        /By the journal of shop, 0002_price was done, and the outcome of 0003_index is not known: it runs outside a transaction/,
      ),
    })
    expect(Object.fromEntries(run.items.sample.map(item => [item.key, item.status]))).toEqual({
      '0002_price': 'done',
      '0003_index': 'silent',
      '0004_late': 'failed',
    })
  })
})
