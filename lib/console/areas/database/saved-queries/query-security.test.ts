import { beforeAll, expect, test } from 'vitest'
import { PostgresServers } from '../../../servers/resources.ts'
import { databaseConsole } from '../../../testing/database-console.ts'
import { REFUSED_QUERIES } from '../../../testing/refused-queries.ts'
import { runQuery } from './run-query.ts'

const shop = databaseConsole()
const HIDDEN = ['q.customer.salary', 'q.payroll', 'q.invoice_2026', 'q.sub.kept']

/** Each stands in the database, and none may come out of it. */
const SECRETS = [
  'tok-zz',
  '91827',
  'payroll-row',
  'c2VjcmV0',
  '\\x73656372',
  '4111',
  'k-1',
  'hush',
  'invoice-row',
  'kept-row',
  'xmlsecret',
]

beforeAll(async () => {
  const { sql } = shop.bench
  await sql.unsafe(`
    create schema q;
    create type q.mood as enum ('calm', 'cross');
    create domain q.label as text;
    create table q.customer (
      id int primary key, name text, email varchar(200), api_token text, salary int, file bytea, page xml, note text, data jsonb,
      raw json, text_json text, tags text[], mood q.mood, label q.label, password_hash text);
    insert into q.customer values
      (1, 'Ada', 'ada@shop.test', 'tok-zz', 91827, 'secret', '<a>xmlsecret</a>', 'pays by 4111 1111 1111 1111',
       '{"city":"Oslo","apiKey":"k-1","deep":[{"password":"hush"}]}', '{"apiKey":"k-1"}', '{"apiKey":"k-1"}', '{"Bearer abcdefghijklmnop4111"}',
       'calm', 'token=hush', 'tok-zz'),
      (2, 'Bob', 'bob@shop.test', 'tok-zz', 91827, 'secret', null, 'cash', '{"city":"Bergen"}', '{"a":1}', '{"a":1}', '{fine}', 'cross', 'plain', null);
    create table q.purchase (id int primary key, customer_id int, api_token text, total numeric(10,2));
    insert into q.purchase values (1, 1, 'tok-zz', 9.5), (2, 1, 'tok-zz', 1), (3, 2, 'tok-zz', 2);
    create table q.remark (id int, body text);
    insert into q.remark values (1, 'pays by 4111 1111 1111 1111'), (2, 'cash');
    create table q.payroll (id int, note text);
    insert into q.payroll values (1, 'payroll-row');
    create table q.invoice (id int, note text) partition by range (id);
    create table q.invoice_2026 partition of q.invoice for values from (0) to (9);
    insert into q.invoice values (1, 'invoice-row');
    create table q.above (id int);
    create table q.sub (kept text) inherits (q.above);
    insert into q.sub values (1, 'kept-row');
    create table q."Odd ""name" (id int, "Select" text);
    insert into q."Odd ""name" values (1, 'odd');
    create view q.everything as select * from q.customer;
    create materialized view q.totals as select customer_id, sum(total) as total from q.purchase group by 1;
    create function q.peek(c q.customer) returns text language sql as 'select c.api_token';
    create function q.lower(text) returns text language sql as 'select api_token from q.customer limit 1';
    create function q.plus(text, text) returns text language sql as 'select api_token from q.customer limit 1';
    create operator q.+ (leftarg = text, rightarg = text, function = q.plus);
    create table public.plain (id int, pg_note text);
    insert into public.plain values (7, 'plain');
  `)
})

const run = (
  text: string,
  values: Record<string, string> = {},
  parameters: Parameters<typeof runQuery>[1]['parameters'] = [],
) => {
  const server = shop.environment().of(PostgresServers).find('shop')
  if (!server) throw new Error('no server')
  return runQuery(server, { text, parameters, values, hidden: HIDDEN })
}

test.for(REFUSED_QUERIES)('refused: %s', async ([attempt, words]) => {
  const answer = await run(attempt)
  expect(answer.kind === 'rows' ? answer : answer.words).toMatch(words)
})

/** Each is run, and none of the secrets is in its answer. */
const HARMLESS = [
  'select * from q.customer',
  'table q.customer',
  '(table q.customer) order by 1',
  'select c.* from q.customer as c where c.id = 1',
  'select * from (select * from q.customer) x',
  'with x as (select * from q.customer) select * from x',
  'with customer as (select * from q.customer) select * from customer',
  'select * from q.customer c(a, b, d, e, f, g, h)',
  'select * from q.customer natural join q.purchase',
  'select * from q.customer c full join q.purchase p on p.customer_id = c.id',
  'select note, left(note, 14), substr(note, 9, 4), reverse(note), split_part(note, $$ $$, 3) from q.customer',
  "select regexp_match(note, '\\d+') from q.customer",
  'select string_agg(substr(note, n, 1), $$.$$) from q.customer, generate_series(1, 40) n',
  "select data->>'apiKey', data->'deep'->0->>'password', data #>> '{deep,0,password}' from q.customer",
  'select e.* from q.customer, jsonb_each_text(data) e',
  'select jsonb_extract_path_text(data, $$apiKey$$) from q.customer',
  'select substr(data::text, 10, 40), left(raw::text, 99), substr(text_json, 11, 9), reverse(text_json) from q.customer',
  'select tags, tags->>0, substr(tags::text, 3, 30), label, substr(label, 7) from q.customer',
  "select id from q.customer where note like '%4111%' or data->>'apiKey' = 'k-1' or text_json like '%k-1%' or label like '%hush'",
  "select * from (select note as a from q.customer union all select data::text from q.customer) x where a like '%1%'",
  'select max(note), min(note), max(text_json), jsonb_agg(data), array_agg(label) from q.customer',
  'select note from q.customer order by note',
]

test.for(HARMLESS)('without secrets: %s', async query => {
  const answer = await run(query)
  if (answer.kind !== 'rows') throw new Error(answer.words)
  const text = JSON.stringify(answer.rows)
  for (const secret of SECRETS) expect(text).not.toContain(secret)
})

test('a condition finds no value that is hidden, and an error says nothing about one', async () => {
  const found = async (condition: string) => {
    const answer = await run(`select id from q.customer where ${condition}`)
    return answer.kind === 'rows' ? answer.rows.flat() : answer.words
  }
  expect(await found("note like '%4111%'")).toEqual([])
  expect(await found("note = 'pays by 4111 1111 1111 1111'")).toEqual([])
  expect(await found("note = 'cash'")).toEqual(['2'])
  expect(await found("data->>'apiKey' = 'k-1'")).toEqual([])
  expect(await found("data->>'city' = 'Bergen'")).toEqual(['2'])
  expect(await found("label like '%hush%'")).toEqual([])
  expect(await found('note::int > 0')).toMatch(/^A value does not fit/)
  expect(await found('id / 0 > 0')).toMatch(/^A value does not fit/)
})

test.for([
  'from (q.remark join (select :x as x) s on true) as remark(id, y, body) where remark.body = :x',
  'from ((q.remark join (select 1 as one) o on true) join (select :x as x) s on true) as remark(id, y, one, body) where remark.body = :x',
  'from (q.remark r join (select :x as x) s on true) as r(id, y, body) join q.purchase p on p.id = 1 where r.body = :x',
])(
  'a guess of a hidden value is not confirmed, and every row is there, where a join is called like a table in it: %s',
  async from => {
    const counted = async (x: string) => {
      const answer = await run(`select count(*) ${from}`, { x }, [{ name: 'x', type: 'text' }])
      return answer.kind === 'rows' ? answer.rows : answer.words
    }
    expect(await counted('pays by 4111 1111 1111 1111')).toEqual([['2']])
    expect(await counted('a wrong guess')).toEqual([['2']])
  },
)

test.for([':x', 'literal'])(
  'a guess of a hidden value (%s) is not confirmed by an error of a condition that is computed first',
  async by => {
    const guessed = (guess: string) =>
      by === ':x'
        ? run('select id from q.remark where body = :x and id / 0 > 0', { x: guess }, [{ name: 'x', type: 'text' }])
        : run(`select id from q.remark where body = '${guess}' and id / 0 > 0`)
    const wrong = await guessed('a wrong guess')
    expect(wrong).toMatchObject({ rows: [] })
    expect(await guessed('pays by 4111 1111 1111 1111')).toMatchObject({ rows: [] })
  },
)

test('ordinary queries answer what Postgres answers', async () => {
  const rows = async (query: string) => {
    const answer = await run(query)
    if (answer.kind !== 'rows') throw new Error(`${query}: ${answer.words}`)
    return answer.rows
  }
  expect(
    await rows(
      'select c.name, sum(p.total) as total from q.customer c join q.purchase p on p.customer_id = c.id group by c.name order by total desc',
    ),
  ).toEqual([
    ['Ada', '10.50'],
    ['Bob', '2.00'],
  ])
  expect(
    await rows(
      "select upper(name), mood, born.n from q.customer, lateral (select count(*) as n from q.purchase p where p.customer_id = customer.id) born where mood = 'cross';",
    ),
  ).toEqual([['BOB', 'cross', '1']])
  expect(await rows('values (1, $$:a$$), (2, null) -- :not_one')).toEqual([
    ['1', ':a'],
    ['2', null],
  ])
  expect(await rows('select * from q.totals order by 1')).toHaveLength(2)
  expect(await rows('select "Select" from q."Odd ""name" as o -- é')).toEqual([['odd']])
  expect(await rows("select 'é', id from plain")).toEqual([['é', '7']])
  expect(
    await rows('select id, id from q.purchase where id in (select customer_id from q.purchase) order by id limit 1'),
  ).toEqual([['1', '1']])
  expect(
    await rows(
      "select extract(year from date '2026-03-04'), date_trunc('day', timestamptz '2026-03-04 05:06Z'), current_date = now()::date",
    ),
  ).toEqual([['2026', '2026-03-04 00:00:00+00', 'true']])
  expect(await rows('select from q.purchase')).toEqual([[], [], []])
  expect(await rows('select x.count, x.max from (select count(*), max(id) from q.purchase) x')).toEqual([['3', '3']])
})
