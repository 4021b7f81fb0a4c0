import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { expect, test } from 'vitest'
import { statementsQuestion } from '../../../../infrastructure/insight/index.ts'
import { PostgresServers } from '../../../servers/resources.ts'
import { actorOf } from '../../../testing/open-test-console.ts'
import { refusalOf } from '../../../testing/outcomes.ts'
import { shopConsole } from '../../../testing/shop-console.ts'
import { auditView } from '../../audit/views/audit.ts'
import { planView } from '../views/plan.ts'
import { queriesView } from '../views/queries.ts'
import { planSource } from './plan-source.ts'
import { statementTexts } from './texts.ts'

const shop = shopConsole()
const admin = actorOf('admin')

async function prepared() {
  await shop.rows`create extension pg_stat_statements`
  await shop.rows`create table product (id int primary key, maker int)`
  await shop.rows.unsafe('select id as by_maker from product where maker = $1', [1])
}

function watched() {
  const server = shop.console.environment(shop.environment)?.of(PostgresServers).find('shop')
  if (!server) throw new Error('no server')
  return server
}

async function rows() {
  const { data } = await shop.console.view(queriesView, shop.environment, admin, { name: 'shop' })
  if (data.queries?.status !== 'up') throw new Error('statements are not known')
  return data.queries.data.rows
}

test('planning runs no function of another account with the rights of the console', async () => {
  await prepared()
  const file = join(tmpdir(), `substation-planned-${randomUUID()}`)
  await shop.rows.unsafe(
    `create role shop_low login password 'low'; grant usage, create on schema public to shop_low; grant select on product to shop_low`,
  )
  const [{ url = '' } = {}] = shop.settings.environments[0]?.databases ?? []
  const low = postgres(Object.assign(new URL(url), { username: 'shop_low', password: 'low' }).href, { max: 1 })
  // Declared IMMUTABLE, so that the planner runs it; what it calls may do anything that its caller may.
  await low.unsafe(`create function write_file() returns int language plpgsql volatile as $$
    begin execute $q$copy (select 1) to '${file}'$q$; return 1; exception when insufficient_privilege then return 1; end $$;
    create function evil() returns int language plpgsql immutable as 'begin return write_file(); end'`)
  const query = 'select pg_sleep(0.5) as from_low where 1 = evil()'
  await low.unsafe(query)
  await low.end()

  const server = watched()
  const read = () => server.read(statementsQuestion, { maxAge: 0 })
  await planSource(() => [{ database: 'shop', server, read }]).sample(AbortSignal.timeout(5_000))
  expect(existsSync(file)).toBe(false)
  const statement = (await rows()).find(({ text }) => text?.includes('from_low'))?.query ?? ''
  const { data } = await shop.console.view(planView, shop.environment, actorOf('operator'), {
    name: 'shop',
    query: statement,
  })
  expect(data.plan).toMatchObject({
    data: { refused: { message: expect.stringContaining('which is a superuser') } },
  })
  expect(await refusalOf(shop.act('database.measure-plan', { statement }))).toMatchObject({
    code: 'conflict',
    nextStep: expect.stringContaining('GRANT pg_monitor'),
  })
  expect(existsSync(file)).toBe(false)
  await shop.rows.unsafe(`explain ${query}`)
  expect(existsSync(file)).toBe(true)
  await rm(file)
  await shop.rows`drop owned by shop_low cascade`
  await shop.rows`drop role shop_low`
})

test('values that were measured with are neither in the run nor in a refusal nor in the audit', async () => {
  await prepared()
  await shop.rows`create table account (id int, mail text)`
  await shop.rows`insert into account select i, i || '@mail.example' from generate_series(1, 20000) i`
  await shop.rows`analyze account`
  await shop.rows.unsafe('select id as by_mail from account where mail = $1', ['1@mail.example'])
  const all = await rows()
  const idOf = (part: string) => all.find(({ text }) => text?.includes(part))?.query
  const run = await shop.act('database.measure-plan', { statement: idOf('by_mail'), values: ['ada@mail.example'] })
  expect(run.summary).toContain('Reads all of public.account')
  const refused = await shop.act('database.measure-plan', { statement: idOf('by_maker'), values: ['ada@mail.example'] })
  expect(refused).toMatchObject({ status: 'failed', summary: expect.stringContaining('SQLSTATE 22P02') })
  const audit = await shop.console.view(auditView, shop.environment, admin, {})
  expect(JSON.stringify(audit)).toContain('database.measure-plan')
  expect(JSON.stringify([run, refused, audit])).not.toContain('ada@mail.example')
})

test('a text that a server hides or forgot is asked for again once too many others were', async () => {
  await prepared()
  const server = watched()
  let asked = 0
  const texts = statementTexts({
    ...server,
    ask(question) {
      asked++
      return server.ask(question)
    },
  })
  await texts.read(['1'])
  await texts.read(['1'])
  expect(asked).toBe(1)
  await texts.read(Array.from({ length: 20_001 }, (_, index) => String(index + 2)))
  await texts.read(['1'])
  expect(asked).toBe(3)
})

test('a statement that has no plan is refused before its text is shown or kept', async () => {
  await prepared()
  await shop.rows.unsafe("comment on table product is 'hunter2'")
  const row = (await rows()).find(({ text }) => text?.startsWith('comment on table'))
  const refusal = await refusalOf(
    shop.console.runner.preview(admin, shop.request('database.measure-plan', { statement: row?.query })),
  )
  expect(refusal).toMatchObject({ code: 'conflict', message: expect.stringContaining('have plans') })
})
