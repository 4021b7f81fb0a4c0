import { expect, test } from 'vitest'
import type { Actor } from '../../../platform/access/roles.ts'
import { actorOf } from '../../../testing/open-test-console.ts'
import { finishedIn, refusalOf } from '../../../testing/outcomes.ts'
import { queryConsole } from '../../../testing/query-console.ts'
import { auditView } from '../../audit/views/audit.ts'
import { runView } from '../../running/views/run.ts'
import { queryRowsView } from '../views/query-rows.ts'
import { rowsView } from '../views/rows.ts'
import { savedQueriesView } from '../views/saved-queries.ts'
import { exportQuery } from './export.ts'
import { replaceSavedQuery } from './store.ts'

const { shop, ran, rowsOf, withValue } = queryConsole()
const admin = actorOf('admin')
const json = (value: unknown) => JSON.stringify(value)

async function act(operation: string, input: object, actor: Actor = admin) {
  const request = { environment: shop.environment().name, operation, input: { database: 'shop', ...input } }
  const { token } = await shop.console.runner.preview(actor, request)
  return finishedIn(shop.console, actor, await shop.console.runner.run(actor, { ...request, token }))
}

const undone = async (run: string) =>
  finishedIn(shop.console, admin, await shop.console.runner.undo(admin, shop.environment().name, run))

let names = 0
const fresh = () => `Parcels ${++names}`
const HEAVY = {
  text: 'select id, code from parcel where weight > :least order by id',
  parameters: [{ name: 'least', type: 'number' }],
}
const save = async (name: string, more: object = {}) => {
  await act('database.save-query', { name, ...HEAVY, ...more })
  return (await found(name))?.id ?? ''
}
const listed = async () => {
  const { queries } = await shop.read(savedQueriesView, {}, 'admin')
  if (queries.status !== 'up') throw new Error('no list')
  return queries.data
}
const found = async (name: string) => (await listed()).find(query => query.name === name)

const audited = async (operation: string, message: string) => {
  const { data } = await shop.console.view(auditView, shop.environment().name, admin, { operation })
  const rows = data.audit.status === 'up' ? data.audit.data.rows : []
  return rows.filter(row => row.message?.includes(message))
}

test('a saved query is found by everyone who may browse, run with values, edited by who sees its last version, and deleted', async () => {
  const name = fresh()
  const id = await save(name, { description: 'Heavier than so many kilograms.' })
  const saved = await found(name)
  expect(saved).toMatchObject({
    id,
    description: 'Heavier than so many kilograms.',
    parameters: HEAVY.parameters,
    createdBy: admin.name,
    changedBy: admin.name,
  })
  expect((await rowsOf({ query: id, values: json({ least: '599.6' }) })).rows).toEqual([['1200', 'P1200']])
  const other = { ...actorOf('admin'), id: 'other', name: 'Grace' }
  const change = { query: id, seen: saved?.changedAt, name, text: 'select count(*) from parcel', parameters: [] }
  const edit = await act('database.edit-query', change, other)
  expect(await found(name)).toMatchObject({ changedBy: 'Grace', createdBy: admin.name, text: change.text })
  expect(await refusalOf(act('database.edit-query', change))).toMatchObject({ code: 'conflict' })
  await undone(edit.id)
  expect(await found(name)).toMatchObject({ text: HEAVY.text, changedBy: admin.name })

  const removed = await act('database.delete-query', { query: id })
  expect(await found(name)).toBeUndefined()
  expect(await ran({ query: id })).toMatchObject({ kind: 'absent' })
  await undone(removed.id)
  expect(await found(name)).toEqual({ ...saved })
})

test('an undo takes nothing that was made since', async () => {
  const name = fresh()
  const id = await save(name)
  const removed = await act('database.delete-query', { query: id })
  const newer = await save(name)
  await undone(removed.id)
  expect((await found(name))?.id).toBe(newer)
})

test('a name that another query has taken is a conflict, and the undo of a renaming says so', async () => {
  const [old, renamed] = [fresh(), fresh()]
  const id = await save(old)
  const edit = await act('database.edit-query', {
    query: id,
    seen: (await found(old))?.changedAt,
    name: renamed,
    ...HEAVY,
  })
  await save(old)
  expect(await undone(edit.id)).toMatchObject({
    status: 'failed',
    summary: `Another query is called “${old}” now. Nothing was restored.`,
  })
  const now = await found(renamed)
  if (!now) throw new Error('was renamed')
  const place = { environment: shop.environment().name, database: 'shop' }
  const { db } = shop.console.store
  expect(await replaceSavedQuery(db, place, now.changedAt, { ...now, name: old })).toBe('taken')
  expect(await replaceSavedQuery(db, place, now.changedAt - 1, { ...now, name: fresh() })).toBe('changed')
  expect(await found(renamed)).toEqual(now)
  await expect(replaceSavedQuery(db, place, now.changedAt, { ...now, changedBy: 'a\0' })).rejects.toThrow()
})

test('what could not be run is not saved, and neither is a second of the same name', async () => {
  const name = fresh()
  await save(name)
  expect(await refusalOf(save(name))).toMatchObject({ fields: { name: 'is taken' } })
  const refused = async (text: string) => (await refusalOf(save(fresh(), { text, parameters: [] }))).fields?.text
  expect(await refused('delete from parcel')).toMatch(/Only a SELECT/)
  expect(await refused('select api_token from parcel')).toBe(
    'api_token is masked, so it can be neither read nor compared.',
  )
  expect(await refused('select nothing from parcel')).toMatch(/column "nothing" does not exist/)
  expect(await refused('select :x')).toBe('The parameter :x has no type.')
  expect(await refused("select 'ada@shop.test")).toMatch(/has no end/)
})

test('saved queries belong to a database and an environment', async () => {
  await save(fresh())
  expect((await shop.read(savedQueriesView, { name: 'another' }, 'admin')).queries).toMatchObject({ data: [] })
})

test('the audit names the query and its parameters, and no value', async () => {
  const name = fresh()
  const id = await save(name, { text: `${HEAVY.text} -- ada@shop.test` })
  await rowsOf({ query: id, values: json({ least: '599.25' }) })
  await rowsOf({
    ...withValue("select id from parcel where code = 'ada@shop.test' or code = :x", 'text', 'bob@shop.test'),
  })
  await ran({ text: "select 'carl@shop.test'::int" })
  await ran({ text: "select * from parcel where code = 'dora@shop.test' and" })
  let file = ''
  const { access, store, settings, recordRefusal } = shop.console
  const asked = { access, actor: admin, store, settings, recordRefusal, environment: shop.environment() }
  for await (const piece of exportQuery({
    ...asked,
    query: { name: 'shop', query: id, values: json({ least: '599.25' }) },
  }))
    file += piece
  expect(file).toBe('id,code\r\n1199,P1199\r\n1200,P1200\r\n')
  expect(await audited('database-query-rows', name)).toMatchObject([
    { outcome: 'succeeded', message: `Ran “${name}” (:least): exported 2 rows.` },
    { outcome: 'succeeded', message: `Ran “${name}” (:least): read 2 rows.`, target: { name: 'shop' } },
  ])
  const runs = [
    ...(await audited('database-query-rows', '')).map(({ run }) => run),
    ...(await audited('database.save-query', name)).map(({ run }) => run),
  ]
  const trails = await Promise.all(
    runs.map(run => shop.console.view(runView, shop.environment().name, admin, { id: run })),
  )
  const text = JSON.stringify(trails)
  for (const value of ['599.25', 'ada@', 'bob@', 'carl@', 'dora@']) expect(text).not.toContain(value)
  expect(text).toContain('select id, code from parcel where weight > :least order by id')
})

test('a refused reading is in the audit as a refusal: a role, a hidden table, a query, a file', async () => {
  await shop.bench.sql.unsafe('create table public.hidden_here (id int)')
  const database = shop.environment().settings.databases.find(({ name }) => name === 'shop')
  if (database) database.hidden = ['public.hidden_here']
  const { access, store, settings, recordRefusal } = shop.console
  const viewer = actorOf('viewer')
  const filters = { schema: 'public', table: 'hidden_here' }
  expect(await refusalOf(shop.read(rowsView, filters, 'viewer'))).toMatchObject({ code: 'forbidden' })
  expect(await refusalOf(shop.read(queryRowsView, { text: 'select 1' }, 'operator'))).toMatchObject({ needs: 'admin' })
  const asked = { access, actor: viewer, store, settings, recordRefusal, environment: shop.environment() }
  expect(await refusalOf(exportQuery({ ...asked, query: { name: 'shop', text: 'select 1' } }).next())).toMatchObject({
    code: 'forbidden',
  })
  await shop.read(rowsView, filters, 'admin')
  await ran({ text: 'select pg_sleep(1)' })
  await ran({ text: 'select * from hidden_here' })
  const { data } = await shop.console.view(auditView, shop.environment().name, admin, { kind: 'refused' })
  const lines = data.audit.status === 'up' ? data.audit.data.rows : []
  for (const [operation, message] of [
    ['database-rows', 'Viewing “Rows of a table” needs the admin role; you are viewer.'],
    ['database-query-rows', 'Viewing “Rows of a query” needs the admin role; you are operator.'],
    ['database-query-rows', 'Exporting rows needs the admin role; you are viewer.'],
    ['database-rows', 'public.hidden_here is hidden by substation.config.ts.'],
    ['database-query-rows', 'Did not run a query: The function pg_sleep is not allowed'],
    ['database-query-rows', 'Did not run a query: public.hidden_here is hidden by substation.config.ts.'],
  ] as const)
    expect(lines).toContainEqual(
      expect.objectContaining({ kind: 'refused', operation, message: expect.stringContaining(message) }),
    )
  if (database) delete database.hidden
})
