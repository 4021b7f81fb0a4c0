import { expect, test } from 'vitest'
import { queryConsole } from '../../../testing/query-console.ts'
import { openSqlParser } from './adapters/sql-parser.ts'
import { composeQuery, readQuery } from './compose.ts'
import { resolveTables } from './resolve-tables.ts'

const { shop, ran, rowsOf, withValue } = queryConsole()

test.for([
  ['text', 'P7', 'select id from parcel where code = :x'],
  ['number', '7', 'select id from parcel where id = :x'],
  ['number', '3.5', 'select id from parcel where weight = :x'],
  ['boolean', 'true', 'select id from parcel where id = 7 and fragile <> :x'],
  ['time', '2026-03-08', 'select id from parcel where sent = :x'],
  ['time', '2026-03-08T01:00+01', 'select id from parcel where sent = :x'],
  ['uuid', '00000000-0000-0000-0000-000000000007', 'select id from parcel where ref = :x'],
  ['text', 'P7', "select id from parcel where code = :x and ':x' <> code -- :y"],
  ['text', 'P7', 'select id from parcel where :x = code and code = :x'],
] as const)('a parameter of type %s takes %s', async ([type, value, text]) => {
  expect((await rowsOf(withValue(text, type, value))).rows).toEqual([['7']])
})

test.for([
  ['number', 'seven', /:x must be a number/],
  ['number', '', /:x must be a number/],
  ['boolean', 'yes', /:x must be true or false/],
  ['time', 'yesterday', /:x must be a date or a time/],
  ['time', '2026-13-40', /:x must be a date or a time/],
  ['time', '2026-01-31 25:61', /^A value does not fit/],
  ['uuid', '7', /:x must be a UUID/],
] as const)('of type %s it does not take “%s”', async ([type, value, words]) => {
  const answer = await ran(withValue('select :x', type, value))
  expect(answer).toMatchObject({ kind: 'value', words: expect.stringMatching(words) })
})

test('a value is never a part of the statement', async () => {
  for (const attack of ["' or 1=1 --", "P7'; drop table parcel; --", '$1', ':x', '\\', "\\' or true --", '%'])
    expect((await rowsOf(withValue('select id from parcel where code = :x', 'text', attack))).rows, attack).toEqual([])
  expect((await rowsOf(withValue('select :x', 'text', "a'b\\$1:x"))).rows).toEqual([["a'b\\$1:x"]])
  expect(await ran({ text: 'select :missing' })).toMatchObject({ words: 'The parameter :missing has no type.' })
  expect(await ran({ text: 'select :x', parameters: JSON.stringify([{ name: 'x', type: 'text' }]) })).toMatchObject({
    kind: 'value',
    words: ':x has no value.',
  })
})

test('a thousand rows are shown, and it is said that there are more', async () => {
  const all = await rowsOf({ text: 'select id from parcel order by id' })
  expect([all.rows.length, all.rows.at(-1), all.cut]).toEqual([1_000, ['1000'], true])
  const some = await rowsOf({ text: 'select id from parcel where id <= 1000' })
  expect([some.rows.length, some.cut]).toEqual([1_000, false])
  const none = await rowsOf({ text: 'select id as n, code from parcel where id < 0' })
  expect(none).toMatchObject({
    rows: [],
    cut: false,
    columns: [
      { name: 'n', type: 'integer' },
      { name: 'code', type: 'text' },
    ],
  })
})

test('a slow query and a lock are told apart, in plain words', async () => {
  const slow = await ran({ text: 'select count(*) from generate_series(1, 100000) a, generate_series(1, 100000) b' })
  expect(slow).toMatchObject({ kind: 'slow', words: 'The query took longer than two seconds and was cancelled.' })
  await shop.bench.sql.unsafe('create table public.held (id int)')
  await shop.bench.idleInTransaction('holder', 'lock table public.held in access exclusive mode')
  expect(await ran({ text: 'select id from held' })).toMatchObject({
    kind: 'locked',
    words: 'Another session holds a lock on held that keeps readers out.',
  })
  await shop.bench.endSessions()
})

test('a condition of a text answers the same, however it is written', async () => {
  const found = async (text: string) => (await rowsOf(withValue(text, 'text', 'P77'))).rows
  expect(await found('select id from parcel where code = :x::varchar(2)')).toEqual([['7']])
  expect(await found('select p.b from parcel p(b, code, c) where p.b = 7 and p.c = 3.5')).toEqual([['7']])
  expect(await found('select count(*) from parcel p left join parcel o on o.code = :x where o.code = p.code')).toEqual([
    ['1'],
  ])
  expect(await found('select count(*) from parcel p(code, id) where p.id = :x')).toEqual([['1']])
})

test('a text is found by its index, though it is checked for secrets first', async () => {
  const plan = async (text: string, values: Record<string, string> = {}) => {
    const query = readQuery(await openSqlParser(), text, [{ name: 'x', type: 'text' }], values)
    if ('kind' in query) throw new Error(query.words)
    return shop.bench.ask({
      id: 'plan',
      freshFor: 0,
      async answer(ask) {
        const tables = await resolveTables(ask, query.checked, [])
        const composed = Array.isArray(tables) ? composeQuery(query, tables) : tables.words
        return JSON.stringify(await ask(`explain (format json) ${composed}`, query.values))
      },
    })
  }
  expect(await plan('select id from parcel where code = :x and id > 0', { x: 'P7' })).toContain('parcel_code_key')
  expect(await plan("select p.id from parcel p left join parcel o using (id) where 'P7' = p.code")).toContain(
    'parcel_code_key',
  )
  expect(await plan("select id from parcel where code = 'P7' or id = 1")).not.toContain('parcel_code_key')
})
