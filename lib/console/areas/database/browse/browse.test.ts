import { expect, test } from 'vitest'
import { outages } from '../../../platform/part/outages.ts'
import { postgresServers } from '../../../servers/postgres/servers.ts'
import { databaseConsole } from '../../../testing/database-console.ts'
import { actorOf } from '../../../testing/open-test-console.ts'
import { refusalOf } from '../../../testing/outcomes.ts'
import { auditView } from '../../audit/views/audit.ts'
import { runView } from '../../running/views/run.ts'
import { browseView } from '../views/browse.ts'
import { rowsView } from '../views/rows.ts'
import { browse } from './browse.ts'
import { exportRows } from './export.ts'
import type { RowsPage } from './read-rows.ts'

const shop = databaseConsole()
const admin = actorOf('admin')
let tables = 0

/** A table of its own for each test. */
async function made(columns: string, fill = ''): Promise<string> {
  const name = `t${++tables}`
  await shop.bench.sql.unsafe(`create table public.${name} (${columns})`)
  if (fill) await shop.bench.sql.unsafe(`insert into public.${name} ${fill}`)
  return name
}

const answer = async (table: string, filters: Record<string, string> = {}) =>
  (await shop.read(rowsView, { schema: 'public', table, ...filters }, 'admin')).answer

async function page(table: string, filters: Record<string, string> = {}): Promise<RowsPage> {
  const found = await answer(table, filters)
  if (found?.kind !== 'rows') throw new Error(`no rows: ${found?.words}`)
  return found
}

const firsts = ({ rows }: RowsPage) => rows.map(([first]) => first)
const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => String(from + at))

async function all(table: string): Promise<{ pages: number; ids: (string | null | undefined)[] }> {
  const ids: (string | null | undefined)[] = []
  for (let pages = 1, after = ''; ; pages++) {
    const read = await page(table, after ? { after } : {})
    ids.push(...firsts(read))
    if (read.next === undefined) return { pages, ids }
    after = read.next
  }
}

async function csv(query: Record<string, string>, actor = admin): Promise<string> {
  const { access, store, settings, recordRefusal } = shop.console
  let text = ''
  const options = { access, actor, store, settings, recordRefusal, environment: shop.environment() }
  for await (const piece of exportRows({ ...options, query: { name: 'shop', schema: 'public', ...query } }))
    text += piece
  return text
}

test('pages follow the primary key, whatever its types, and reach every row once', async () => {
  const single = await made('id int primary key, note text', "select n, 'n' from generate_series(1, 120) n")
  expect(await all(single)).toEqual({ pages: 3, ids: upTo(1, 120) })
  const pair = await made(
    'at timestamptz, id text, primary key (at, id)',
    "select '2026-03-29 01:59:00.123456+01'::timestamptz + (n / 7) * interval '1 second', n::text from generate_series(1, 101) n",
  )
  const seen = await page(pair)
  const rest = await page(pair, { after: seen.next ?? '' })
  const last = await page(pair, { after: rest.next ?? '' })
  const ids = [...seen.rows, ...rest.rows, ...last.rows].map(([, id]) => Number(id))
  expect(ids.sort((a, b) => a - b)).toEqual(upTo(1, 101).map(Number))
  expect(last.next).toBeUndefined()
})

test('a table without a primary key is paged a little way, and says so', async () => {
  const table = await made('n int', 'select n from generate_series(1, 1100) n')
  const { pages, ids } = await all(table)
  expect([pages, new Set(ids).size]).toEqual([20, 1_000])
  const small = await made('n int', 'select 1')
  expect(await page(small)).toMatchObject({ rows: [['1']], keys: [], cut: false })
})

test('one column filters: equals by its type, contains without regard to case, is null', async () => {
  const table = await made(
    'id int primary key, name text, born date, more jsonb',
    `values (1, 'Ada 100%', '1815-12-10', '{"a":1}'), (2, 'adam_', null, null), (3, null, null, '{}')`,
  )
  const found = async (column: string, is: string, value = '') => firsts(await page(table, { column, is, value }))
  expect(await found('id', 'equals', '2')).toEqual(['2'])
  expect(await found('born', 'equals', '10 Dec 1815')).toEqual(['1'])
  expect(await found('name', 'contains', 'ADA')).toEqual(['1', '2'])
  expect(await found('name', 'contains', '0%')).toEqual(['1'])
  expect(await found('name', 'contains', 'm_')).toEqual(['2'])
  expect(await found('name', 'null')).toEqual(['3'])
  expect(await found('more', 'null')).toEqual(['2'])
  expect(await answer(table, { column: 'id', value: 'two' })).toMatchObject({ kind: 'value' })
  expect(await answer(table, { column: 'more', is: 'contains', value: 'a' })).toMatchObject({ kind: 'column' })
})

test('what is secret by name, type or shape is not shown, in pages or files', async () => {
  const table = await made(
    'id int primary key, password_hash text, note text, data jsonb, tags text[], file bytea, tokens int',
    `values (1, 'h4shed', 'card 4111 1111 1111 1111', '{"email":"a@b.test","apiKey":"k-1"}', '{fine}', 'raw', 7)`,
  )
  const { rows, columns } = await page(table)
  expect(rows).toEqual([
    ['1', '[secret]', 'card [secret]', '{"email":"a@b.test","apiKey":"[secret]"}', '["fine"]', '[secret]', '7'],
  ])
  expect(columns.flatMap(({ name, masked }) => (masked ? [[name, masked]] : []))).toEqual([
    ['password_hash', 'name'],
    ['file', 'type'],
  ])
  const file = await csv({ table })
  for (const secret of ['h4shed', '4111', 'k-1', 'raw']) expect(file).not.toContain(secret)
})

test('a masked value cannot be found out by filtering, paging or its order', async () => {
  const table = await made(
    'api_token text primary key, note text, long text',
    `values ('zz-secret', 'pays by 4111 1111 1111 1111', repeat('x', 5000) || 'tail'), ('aa-secret', 'cash', 'short')`,
  )
  for (const is of ['equals', 'contains', 'null'])
    expect(await answer(table, { column: 'api_token', is, value: 'zz-secret' })).toMatchObject({
      kind: 'column',
      words: 'api_token is masked, so it cannot be filtered by.',
    })
  // The order of the key would compare its values: rows come as they are stored.
  expect((await page(table)).rows.map(([, note]) => note)).toEqual(['pays by [secret]', 'cash'])
  expect((await page(table)).keys).toEqual([])
  for (const value of ['4111', '4111 1111 1111 1111', 'pays'])
    expect((await page(table, { column: 'note', is: 'contains', value })).rows).toEqual([])
  expect((await page(table, { column: 'note', is: 'contains', value: 'cash' })).rows).toHaveLength(1)
  expect((await page(table, { column: 'long', is: 'contains', value: 'tail' })).rows).toEqual([])
})

test('what the configuration hides is not shown or filtered by', async () => {
  const [table, whole] = [
    await made('id int primary key, salary int', 'values (1, 900)'),
    await made('id int', 'values (1)'),
  ]
  const database = shop.environment().settings.databases.find(({ name }) => name === 'shop')
  if (database) database.hidden = [`public.${table}.salary`, `public.${whole}`]
  expect((await page(table)).rows).toEqual([['1', '[secret]']])
  expect(await answer(table, { column: 'salary', value: '900' })).toMatchObject({ kind: 'column' })
  expect(await answer(whole)).toMatchObject({
    kind: 'denied',
    words: `public.${whole} is hidden by substation.config.ts.`,
  })
  expect(await csv({ table })).toBe('id,salary\r\n1,[secret]\r\n')
  // A partition has the same rows under a name that is not hidden.
  await shop.bench.sql.unsafe(`create table public.${whole}_all (id int) partition by range (id);
    create table public.${whole}_part partition of public.${whole}_all default`)
  expect(await answer(`${whole}_part`)).toMatchObject({ kind: 'absent' })
  if (database) delete database.hidden
})

test('no name, value or cursor becomes a part of a statement', async () => {
  const table = await made('id int primary key, "na""me; drop" text', `select n, 'v' from generate_series(1, 60) n`)
  const attacks = [
    `'; drop table ${table}; --`,
    `" or 1=1 --`,
    `id) or (1=1`,
    '$1',
    `${table}" t; select pg_sleep(9); --`,
  ]
  for (const attack of attacks) {
    expect(await answer(attack), attack).toMatchObject({ kind: 'absent' })
    expect(await answer(table, { schema: attack }), attack).toMatchObject({ kind: 'absent' })
    expect(await answer(table, { column: attack, value: '1' }), attack).toMatchObject({ kind: 'column' })
    expect(await answer(table, { column: 'id', value: attack }), attack).toMatchObject({ kind: 'value' })
    expect((await page(table, { column: 'na"me; drop', value: attack })).rows, attack).toEqual([])
    expect(await answer(table, { after: attack }), attack).toMatchObject({ kind: 'cursor' })
  }
  expect((await page(table, { column: 'na"me; drop', value: 'v' })).rows).toHaveLength(50)
  const other = await made('id int primary key', 'select n from generate_series(1, 60) n')
  const { next = '' } = await page(table)
  const changed = `${next.slice(0, -2)}${next.endsWith('AA') ? 'BB' : 'AA'}`
  for (const [where, after] of [
    [table, changed],
    [other, next],
  ] as const)
    expect(await answer(where, { after })).toMatchObject({ kind: 'cursor' })
  expect(await answer('pg_authid', { schema: 'pg_catalog' })).toMatchObject({ kind: 'absent' })
})

test('each reading is in the audit with who and how much, without the value that was looked for', async () => {
  const table = await made('id int primary key, email text', `values (1, 'ada@shop.test')`)
  const twice = { column: 'email', value: 'ada@shop.test' }
  await page(table, twice)
  await page(table, twice)
  await csv({ table, ...twice })
  const { data } = await shop.console.view(auditView, shop.environment().name, admin, { operation: 'database-rows' })
  const rows = data.audit.status === 'up' ? data.audit.data.rows.filter(({ message }) => message?.includes(table)) : []
  expect(rows).toMatchObject([
    { outcome: 'succeeded', message: `Exported 1 rows of public.${table}.`, title: 'Rows of a table' },
    {
      outcome: 'succeeded',
      message: `Read 1 row of public.${table}.`,
      actor: { id: admin.id },
      target: { name: 'shop' },
    },
    { outcome: 'succeeded' },
  ])
  const trail = await shop.console.view(runView, shop.environment().name, admin, { id: rows[1]?.run ?? '' })
  expect(trail.data.run).toMatchObject({
    data: { trail: [{ input: { table, column: 'email', value: '[hidden]' } }, {}] },
  })
  expect(JSON.stringify(trail)).not.toContain('ada@')
})

test('only admins read rows, and others learn that before anything is read', async () => {
  const table = await made('id int primary key', 'values (1)')
  const secret = await made('id int primary key')
  const database = shop.environment().settings.databases.find(({ name }) => name === 'shop')
  if (database) database.hidden = [`public.${secret}`]
  for (const role of ['viewer', 'operator'] as const) {
    expect(await refusalOf(shop.read(rowsView, { schema: 'public', table }, role))).toMatchObject({ code: 'forbidden' })
    expect(await refusalOf(csv({ table }, actorOf(role)))).toMatchObject({ code: 'forbidden', needs: 'admin' })
    expect((await shop.read(browseView, {}, role)).mayBrowse).toBe(false)
  }
  const { mayBrowse, tables } = await shop.read(browseView, {}, 'admin')
  expect(mayBrowse).toBe(true)
  expect(tables).toMatchObject({ status: 'up', data: expect.arrayContaining([{ schema: 'public', name: table }]) })
  expect(tables).not.toMatchObject({ data: expect.arrayContaining([{ schema: 'public', name: secret }]) })
  if (database) delete database.hidden
})

test('a file has the rows of the filter, in order, and no formula that a spreadsheet would run', async () => {
  const table = await made(
    'id int primary key, note text',
    `select n, case when n = 2 then '=1+1' else 'a,"b"' end from generate_series(1, 10001) n`,
  )
  const lines = (await csv({ table })).trimEnd().split('\r\n')
  expect(lines.length).toBe(10_001)
  expect(lines.slice(0, 3)).toEqual(['id,note', '1,"a,""b"""', "2,'=1+1"])
  expect(lines.at(-1)).toBe('10000,"a,""b"""')
  expect(await csv({ table, column: 'id', value: '7' })).toBe('id,note\r\n7,"a,""b"""\r\n')
  expect(await refusalOf(csv({ table, colum: 'id' }))).toMatchObject({ code: 'invalid' })
  expect(await refusalOf(csv({ table: 'nothing' }))).toMatchObject({ message: 'There is no table public.nothing.' })
})

test('a lock, a slow statement, a missing right and a server that is down are told apart', async () => {
  const table = await made('id int primary key, note text', `values (1, 'n')`)
  await shop.bench.idleInTransaction('holder', `lock table public.${table} in access exclusive mode`)
  expect(await answer(table)).toMatchObject({ kind: 'locked' })
  await shop.bench.endSessions()

  const { name, url } = await shop.bench.stranger()
  const servers = postgresServers(
    [
      { name: 'shop', url },
      { name: 'down', url: 'postgres://nobody@127.0.0.1:1/none' },
    ],
    outages(),
  )
  const asStranger = (server = 'shop') => {
    const found = servers.find(server)
    if (!found) throw new Error('no server')
    return browse(found, 'secret', { schema: 'public', table, limit: 5, furthest: 50, hidden: [] })
  }
  expect(await asStranger()).toMatchObject({
    kind: 'denied',
    grant: `GRANT USAGE ON SCHEMA public TO ${name}; GRANT SELECT ON public.${table} TO ${name};`,
  })
  await shop.bench.sql.unsafe(`grant select (id) on public.${table} to ${name}`)
  expect(await asStranger()).toMatchObject({ rows: [['1', '[secret]']], columns: [{}, { masked: 'right' }] })
  await shop.bench.sql.unsafe(
    `alter table public.${table} enable row level security; create policy slow on public.${table} using (pg_sleep(5) is not null)`,
  )
  expect(await asStranger()).toMatchObject({ kind: 'slow' })
  await shop.bench.sql.unsafe(`drop policy slow on public.${table}`)
  expect(await asStranger()).toMatchObject({ rows: [], rowSecurity: true })
  expect(await asStranger('down')).toMatchObject({ kind: 'down', nextStep: expect.stringContaining('running') })
  await servers.close()
  await shop.bench.sql.unsafe(`drop table public.${table}`)
})
