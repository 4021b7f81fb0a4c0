import { beforeAll, describe, expect, test } from 'vitest'
import { originIn, withOrigin } from '../../database/index.ts'
import { insightDatabase } from '../../testing/insight-database.ts'
import {
  planQuestion,
  type StatementCounts,
  type StatementReading,
  type StatementSnapshot,
  statementIncreases,
  statementsQuestion,
  textsQuestion,
} from '../index.ts'

const database = insightDatabase()

async function snapshot(): Promise<StatementSnapshot> {
  const reading = await database.insight.ask(statementsQuestion)
  if (!reading.available) throw new Error(reading.missing.words)
  return reading.snapshot
}

const textsOf = (of: StatementSnapshot) =>
  database.insight.ask(textsQuestion(of.statements.map(({ queryId }) => queryId)))

async function idOf(of: StatementSnapshot, part: string): Promise<string> {
  const texts = await textsOf(of)
  const [found] = of.statements.filter(({ queryId }) => texts.get(queryId)?.includes(part))
  if (!found) throw new Error(`no statement contains ${part}`)
  return found.id
}

describe('with pg_stat_statements', () => {
  beforeAll(async () => {
    const { sql } = database
    await sql`create extension if not exists pg_stat_statements`
    await sql`create table item (id int, name text)`
    await sql`insert into item select i, 'n' || i from generate_series(1, 100) i`
  })

  test('each statement has its counts, and its text is read by its id', async () => {
    const { sql } = database
    for (const id of [1, 2, 3]) await sql`select name as counted from item where id < ${id}`
    const read = await snapshot()
    const id = await idOf(read, 'as counted')
    expect(read.statements.find(entry => entry.id === id)).toMatchObject({
      calls: 3,
      rows: 3,
      account: 'postgres',
      topLevel: true,
    })
    expect(read.most).toBe(5_000)
    expect(read.kept).toBe(read.statements.length)
    expect(Math.abs(read.at - Date.now())).toBeLessThan(60_000)
    expect([...(await textsOf(read)).values()]).toContain('select name as counted from item where id < $1')
    expect(await database.insight.ask(textsQuestion([]))).toEqual(new Map())
  })

  test('one that was explained keeps its own text', async () => {
    const { sql } = database
    await sql.unsafe('select name as explained_too from item where id = $1 and name <> $2', [1, 'x'])
    await database.insight.ask(planQuestion('select name as explained_too from item where id = $1 and name <> $2'))
    const texts = [...(await textsOf(await snapshot())).values()].filter(text => text.includes('explained_too'))
    expect(texts).toContain('select name as explained_too from item where id = $1 and name <> $2')
    expect(texts.filter(text => /^explain/i.test(text)).length).toBeLessThanOrEqual(1)
  })

  test('what happened between two snapshots is their difference, with what began in between', async () => {
    const { sql } = database
    await sql`select 1 as before_both from item`
    const before = await snapshot()
    await sql`select 1 as before_both from item`
    await sql`select 1 as between_them from item limit 7`
    const after = await snapshot()
    const { increases, from, until } = statementIncreases(before, after)
    expect([from, until]).toEqual([before.at, after.at])
    const of = async (part: string) => {
      const id = await idOf(after, part)
      return increases.find(increase => increase.id === id)
    }
    expect(await of('before_both')).toMatchObject({ calls: 1, rows: 100 })
    expect(await of('between_them')).toMatchObject({ calls: 1, rows: 7 })
    expect(increases.map(({ ms }) => ms)).toEqual(increases.map(({ ms }) => ms).sort((a, b) => b - a))
  })

  test('one that was reset begins again: its count is never negative', async () => {
    const { sql } = database
    for (let i = 0; i < 5; i++) await sql`select 1 as begins_again`
    const before = await snapshot()
    const id = await idOf(before, 'begins_again')
    const [user = '', query = ''] = id.split('.')
    await sql`select pg_stat_statements_reset(${user}::oid, (select oid from pg_database where datname = current_database()), ${query}::bigint)`
    await sql`select 1 as begins_again`
    const { increases } = statementIncreases(before, await snapshot())
    expect(increases.find(increase => increase.id === id)).toMatchObject({ calls: 1 })
  })

  test.each([12, 13, 15])('reads what Postgres %i has of it', async major => {
    const asked: string[] = []
    const reading = await database.insight.ask<StatementReading>({
      id: 'old',
      freshFor: 0,
      answer: ask =>
        statementsQuestion.answer(
          Object.assign(
            (sql: string) => {
              // Before 13 the times were called differently; the answer is that of the server that runs.
              asked.push(sql)
              return ask(sql.replace(/s\.(total|mean|stddev|max)_time/g, 's.$1_exec_time'))
            },
            { major, pooled: false },
          ) as typeof ask,
        ),
    })
    expect(reading.available && reading.snapshot.kept).toBeGreaterThan(0)
    expect(asked.join().includes('toplevel')).toBe(major >= 14)
    expect(asked.join().includes('s.total_time')).toBe(major < 13)
    expect(reading.available && 'resetAt' in reading.snapshot).toBe(major >= 14)
  })

  test('the comment of the first call is the one that is kept', async () => {
    const { sql } = database
    await sql.unsafe(withOrigin("select relkind from pg_class where relname = 'one'", { service: 'checkout' }))
    await sql.unsafe(withOrigin("select relkind from pg_class where relname = 'other'", { service: 'worker' }))
    const read = await snapshot()
    const texts = [...(await textsOf(read)).values()].filter(text => text.includes('relkind from pg_class'))
    expect(texts.map(text => originIn(text))).toEqual([{ service: 'checkout' }])
  })

  test('an account without rights is told which it lacks', async () => {
    const { sql } = database
    const name = `poor_${Date.now()}`
    await sql.unsafe(`create role ${name} login`)
    const reading = await database.insight.ask<StatementReading>({
      id: 'poor',
      freshFor: 0,
      async answer(ask) {
        await ask(`set local role ${name}`)
        return statementsQuestion.answer(ask)
      },
    })
    expect(reading).toMatchObject({
      available: true,
      missing: { why: 'texts-hidden', nextStep: `GRANT pg_read_all_stats TO ${name};` },
    })
    await sql.unsafe(`drop role ${name}`)
  })
})

describe('without pg_stat_statements', () => {
  const bare = insightDatabase()

  test('what is missing is said, with what adds it', async () => {
    expect(await bare.insight.ask(statementsQuestion)).toMatchObject({
      available: false,
      missing: { why: 'not-installed', nextStep: 'CREATE EXTENSION pg_stat_statements;' },
    })
    expect(await bare.insight.ask(textsQuestion(['1']))).toEqual(new Map())
  })
})

describe('increases', () => {
  const counts = (id: string, calls: number, totalMs = calls): StatementCounts => ({
    id,
    queryId: id,
    account: 'a',
    topLevel: true,
    calls,
    totalMs,
    meanMs: 1,
    deviationMs: 0,
    maxMs: 1,
    rows: calls,
    hitBlocks: 0,
    readBlocks: 0,
    tempBlocks: 0,
    walBytes: 0,
  })
  const at = (
    time: number,
    statements: StatementCounts[],
    more: Partial<StatementSnapshot> = {},
  ): StatementSnapshot => ({ at: time, most: 5_000, kept: statements.length, statements, ...more })

  test('after a reset of all, everything is new', () => {
    const after = at(100, [counts('x', 12)], { resetAt: 50 })
    expect(statementIncreases(at(0, [counts('x', 10)], { resetAt: -10 }), after)).toMatchObject({
      incomplete: 'reset',
      increases: [{ id: 'x', calls: 12 }],
    })
  })

  test('an entry that was dropped and came back is new, and that entries were dropped is said', () => {
    const before = at(0, [counts('x', 10), counts('gone', 3)], { evictions: 1 })
    const after = at(100, [counts('x', 4), counts('slower', 2, 90)], { evictions: 2 })
    expect(statementIncreases(before, after)).toMatchObject({
      incomplete: 'evicted',
      increases: [
        { id: 'slower', calls: 2, ms: 90 },
        { id: 'x', calls: 4 },
      ],
    })
  })

  test('what was not called is left out', () => {
    expect(statementIncreases(at(0, [counts('x', 10)]), at(100, [counts('x', 10)])).increases).toEqual([])
  })
})
