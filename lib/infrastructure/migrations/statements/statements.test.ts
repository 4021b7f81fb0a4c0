import { describe, expect, test } from 'vitest'
import { openForecast } from '../adapters/forecast/statement.ts'
import { describeStatement } from './describe.ts'
import { splitStatements } from './split.ts'

const split = (text: string) => splitStatements(text).map(statement => statement.sql)
const forecast = await openForecast()
const described = (sql: string) => describeStatement({ sql, line: 1 }, forecast)

describe('splitting a file', () => {
  test('comments, quotes, dollar quotes and parentheses do not end a statement', () => {
    const text = `-- a comment; with a semicolon
select 'it''s; one', "odd;name" /* and /* a nested; */ one */;
insert into t values (E'back\\'slash;', 1e5, $1);
create function f() returns text language plpgsql as $body$ begin return ';'; end $body$;
create rule r as on insert to t do also (delete from u; delete from v);
do $$ begin perform 1; end $$`
    expect(split(text)).toEqual([
      `select 'it''s; one', "odd;name" /* and /* a nested; */ one */`,
      "insert into t values (E'back\\'slash;', 1e5, $1)",
      "create function f() returns text language plpgsql as $body$ begin return ';'; end $body$",
      'create rule r as on insert to t do also (delete from u; delete from v)',
      'do $$ begin perform 1; end $$',
    ])
  })

  test('a body of BEGIN ATOMIC is one statement with its semicolons', () => {
    const text = `create or replace function f(x int) returns int language sql
begin atomic
  select case when x > 1 then 2 else 3 end;
  select 4;
end;
select 5;`
    expect(split(text)).toHaveLength(2)
    expect(splitStatements(text)[1]).toEqual({ sql: 'select 5', line: 6 })
  })

  test('lines are those of the file, and comments alone are not a statement', () => {
    expect(splitStatements('\n\n-- why\nselect 1;\n\nselect 2')).toEqual([
      { sql: 'select 1', line: 4 },
      { sql: 'select 2', line: 6 },
    ])
    expect(splitStatements('-- nothing\n/* here */ ;;')).toEqual([])
    expect(splitStatements('select 1 -- without a line end')).toEqual([
      { sql: 'select 1 -- without a line end', line: 1 },
    ])
  })

  test('an unterminated statement is returned as it is', () => {
    expect(split("select 'open; select 2")).toEqual(["select 'open; select 2"])
    expect(split('select $a$ open; select 2')).toEqual(['select $a$ open; select 2'])
  })
})

describe('what a statement is', () => {
  test.each([
    ['create index concurrently if not exists "Odd" on shop.purchase (day)', { name: 'Odd', schema: 'shop' }],
    ['CREATE UNIQUE INDEX CONCURRENTLY Day_Idx ON ONLY purchase (day)', { name: 'day_idx' }],
  ])('%s must be sent alone, and names what it builds', (sql, builds) => {
    expect(described(sql)).toMatchObject({
      alone: true,
      builds,
      forecast: { locks: [{ mode: 'SHARE UPDATE EXCLUSIVE' }] },
    })
  })

  test.each([
    'vacuum full t',
    'reindex (verbose) index concurrently i',
    'alter system set work_mem = 1',
    'drop database x',
  ])('%s must be sent alone', sql => expect(described(sql).alone).toBe(true))

  test.each([
    "insert into log values ('vacuum')",
    'create index i on t (concurrently)',
    'cluster t using i',
    'select 1',
  ])('%s may run in a transaction', sql => expect(described(sql).alone).toBe(false))

  test.each(['begin', 'COMMIT', '/* x */ start transaction', 'rollback', '\\connect other', 'copy t from stdin'])(
    '%s is refused',
    sql => expect(described(sql).problem).toContain('contains '),
  )

  test('savepoints are not transaction control', () => {
    expect(described('rollback to before').problem).toBeUndefined()
    expect(described('savepoint before').problem).toBeUndefined()
  })

  test.each([
    ['create table shop.t (id int)', undefined, undefined, 'CREATE TABLE'],
    ['create table t (id int references shop.product)', 'SHARE ROW EXCLUSIVE', 'shop.product', 'CREATE TABLE'],
    ['create unique index i on shop.t (a)', 'SHARE', 'shop.t', 'CREATE INDEX'],
    ['alter table "Odd Name" alter column a type bigint', 'ACCESS EXCLUSIVE', '"Odd Name"', 'ALTER TABLE'],
    [
      'create or replace function f() returns int language sql as $$ select 1 $$',
      undefined,
      undefined,
      'CREATE FUNCTION',
    ],
    ['refresh materialized view concurrently v', 'EXCLUSIVE', 'v', 'REFRESH MATERIALIZED VIEW CONCURRENTLY'],
    ['drop index concurrently shop.i', 'SHARE UPDATE EXCLUSIVE', 'shop.i', 'DROP INDEX CONCURRENTLY'],
  ])('%s locks: %s', (sql, mode, table, verb) => {
    const { forecast, verb: read } = described(sql)
    expect({ mode: forecast?.locks[0]?.mode, table: forecast?.locks[0]?.table, verb: read }).toEqual({
      mode,
      table,
      verb,
    })
  })

  test('adding a column with a default of one value rewrites nothing; of random ones, it does, and says what to do', () => {
    expect(described('alter table t add column a timestamptz default now()').forecast?.locks[0]?.words).toContain(
      'for a moment',
    )
    expect(described('alter table t add column a uuid default gen_random_uuid()').forecast).toMatchObject({
      locks: [{ work: 'rewrite', words: expect.stringContaining('every row is written again') }],
      advice: expect.stringContaining('without the default'),
    })
  })
})
