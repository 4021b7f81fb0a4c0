import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { insightDatabase } from '../../testing/insight-database.ts'
import {
  createInsight,
  type Insight,
  ownTextsQuestion,
  plainPlanQuestion,
  plannableQuestion,
  planQuestion,
} from '../index.ts'

const database = insightDatabase()
const ROLES = ['plannable_reader', 'plannable_program'] as const
const opened: Insight[] = []

const urlOf = (role: string) => {
  const url = new URL(database.url)
  url.username = role
  url.password = role
  return url.href
}
function insightOf(role: string): Insight {
  const insight = createInsight({ name: role, url: urlOf(role), application: 'test' })
  opened.push(insight)
  return insight
}

/** The id of a statement that this account sent: its text is the only one of its kind in this database. */
async function sentBy(url: string, catalog: string): Promise<string> {
  const text = `select count(*) from ${catalog}`
  const sql = postgres(url, { max: 1 })
  await sql.unsafe(text)
  await sql.end()
  return idOf(text)
}

async function idOf(text: string): Promise<string> {
  const [{ id } = {}] = await database.sql`select queryid::text as id from pg_stat_statements
    where query = ${text} and dbid = (select oid from pg_database where datname = current_database())`
  return id
}

beforeAll(async () => {
  const { sql } = database
  await sql`create extension if not exists pg_stat_statements`
  for (const role of ROLES)
    await sql.unsafe(`create role ${role} login password '${role}'; grant pg_monitor to ${role}`)
  await sql`grant pg_execute_server_program to plannable_program`
})
afterAll(async () => {
  await Promise.all(opened.map(insight => insight.close()))
  await database.sql`drop role plannable_reader, plannable_program`
})

test('an account that reaches the files or the shell of the server plans only what it sent itself', async () => {
  const foreign = await sentBy(urlOf('plannable_reader'), 'pg_class')
  const refused = database.insight.ask(plannableQuestion(foreign))
  await expect(refused).rejects.toMatchObject({
    code: 'EXPLAIN_REFUSED',
    message: expect.stringContaining('is a superuser'),
    nextStep: expect.stringContaining('GRANT pg_monitor'),
  })
  await expect(insightOf('plannable_program').ask(plannableQuestion(foreign))).rejects.toThrow(
    /has the role pg_execute_server_program/,
  )
  const own = await sentBy(urlOf('plannable_program'), 'pg_proc')
  expect(await insightOf('plannable_program').ask(plannableQuestion(own))).toContain('from pg_proc')
})

test('any other account plans what it can read, and what it explained does not become its own', async () => {
  const insight = insightOf('plannable_reader')
  const foreign = await sentBy(database.url, 'pg_type')
  const text = await insight.ask(plannableQuestion(foreign))
  expect(text).toContain('from pg_type')
  await insight.ask(planQuestion(text ?? ''))
  const own = await sentBy(urlOf('plannable_reader'), 'pg_index')
  expect([...(await insight.ask(ownTextsQuestion([foreign, own]))).keys()]).toEqual([own])
})

test('a superuser plans its own statements, unless they read what another account or server defines', async () => {
  const { sql, insight } = database
  await sql.unsafe(`grant create on schema public to plannable_reader; create table own (id int);
    set role plannable_reader;
    create function evil(int) returns int language plpgsql immutable as $$ begin raise 'planned'; end $$;
    create table plain (id int); create table indexed (id int); create index on indexed ((id + 1));
    create table trap (id int); create index on trap (evil(id));
    create view low as select * from plain where 1 = evil(1);
    reset role;
    create view over_low as select l.id from own left join low l using (id);
    create foreign data wrapper none; create server elsewhere foreign data wrapper none;
    create table parts (id int) partition by list (id); create foreign table part partition of parts for values in (1) server elsewhere`)
  const planned = (from: string) =>
    Promise.allSettled([
      insight.ask(plainPlanQuestion(`select id from ${from} where id = $1`)),
      insight.ask(planQuestion(`select id from ${from} where id = $1`)),
    ])
  for (const from of ['own', 'plain', 'indexed'])
    expect((await planned(from)).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
  for (const [from, why] of [
    ['low', 'public.low belongs to plannable_reader'],
    ['over_low', 'public.low belongs to plannable_reader'],
    ['trap', 'the functions in its indexes'],
    ['parts', 'public.part is a foreign table'],
  ] as const) {
    const reason = { code: 'EXPLAIN_REFUSED', message: expect.stringContaining(why) }
    expect(await planned(from)).toMatchObject([{ reason }, { reason }])
  }
  await sql`drop owned by plannable_reader cascade`
  await sql`grant pg_monitor to plannable_reader`
})

test('a text that has no plan is refused before anyone sees it, and an unknown one is undefined', async () => {
  const text = "comment on schema public is 'hunter2'"
  await database.sql.unsafe(text)
  const id = await idOf(text)
  await expect(database.insight.ask(plannableQuestion(id))).rejects.toThrow(/have plans/)
  expect(await database.insight.ask(plannableQuestion('1'))).toBeUndefined()
})
