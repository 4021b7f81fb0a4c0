import { beforeAll, describe, expect, test } from 'vitest'
import { insightDatabase } from '../../testing/insight-database.ts'
import { definitionsQuestion, duplicateIndexes, type IndexState, indexesQuestion, judgeIndexes } from '../index.ts'

const database = insightDatabase()

describe('indexes', () => {
  beforeAll(async () => {
    const { sql } = database
    await sql`create table person (id int primary key, email text, name text, age int, boss int)`
    await sql`create table pet (id int, owner int references person, vet int references person, name text)`
    await sql`insert into person select i, 'e' || i, 'n' || i % 10, i % 90, i from generate_series(1, 2000) i`
    await sql`insert into pet select i, i, i, 'p' from generate_series(1, 2000) i`
    await sql`create index person_email on person (email)`
    await sql`create unique index person_email_once on person (email)`
    await sql`create index person_name on person (name)`
    await sql`create index person_name_age on person (name, age desc)`
    await sql`create index person_age on person (age)`
    await sql`create index person_age_down on person (age desc nulls last)`
    await sql`create index person_old on person (age) where age > 60`
    await sql`create index person_boss on person using hash (boss)`
    await sql`create index person_lower on person (lower(name)) include (age)`
    await sql`create index pet_owner on pet (owner, name)`
    await sql`create index pet_vet on pet (vet) where vet > 5`
    await sql`create table parted (id int, at int) partition by range (at)`
    await sql`create table parted_1 partition of parted for values from (1) to (10)`
    await sql`create index parted_at on parted (at)`
    await sql`analyze`
  })
  const read = () => database.insight.ask(indexesQuestion)
  const called = async (name: string) => (await read()).indexes.find(index => index.name === name)

  test('are read with key, condition and what they back', async () => {
    expect(await called('person_pkey')).toMatchObject({
      primary: true,
      unique: true,
      constraint: 'person_pkey',
      referenced: true,
      key: ['id'],
    })
    expect(await called('person_name_age')).toMatchObject({
      key: ['name', 'age'],
      unique: false,
      method: 'btree',
      valid: true,
      building: false,
      constraint: null,
    })
    expect(await called('person_lower')).toMatchObject({ key: ['lower(name)'], included: ['age'] })
    expect(await called('person_old')).toMatchObject({ predicate: '(age > 60)' })
    expect(await called('parted_at')).toMatchObject({ partition: true })
    expect(await called('person_boss')).toMatchObject({ method: 'hash' })
    const definitions = await database.insight.ask(definitionsQuestion('public', 'person'))
    expect(definitions.get('person_boss')).toBe('CREATE INDEX person_boss ON public.person USING hash (boss)')
    expect(definitions.get('pet_owner')).toBeUndefined()
  })

  test('that another one makes superfluous are found', async () => {
    const { indexes } = await read()
    const pairs = duplicateIndexes(indexes).map(({ index, of }) => `${index.name} < ${of.name}`)
    expect(pairs.sort()).toEqual(['person_email < person_email_once', 'person_name < person_name_age'])
  })

  test('that no query uses are only called so after a week of counting, and never what promises something', async () => {
    const reading = await read()
    const unused = (now: number, more = {}) =>
      judgeIndexes({ ...reading, since: 0, ...more }, now).filter(({ kind }) => kind === 'unused')
    expect(unused(6 * 86_400_000)).toEqual([])
    const names = unused(8 * 86_400_000).map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['person_old', 'pet_owner', 'person_lower']))
    for (const kept of ['person_pkey', 'person_email_once', 'person_email', 'parted_at'])
      expect(names).not.toContain(kept)
    expect(unused(8 * 86_400_000, { standbys: 2 })[0]?.words).toContain('the 2 standbys are not counted')
    const [one] = unused(8 * 86_400_000, { since: null, standbys: 1 })
    expect(one).toMatchObject({
      statement: expect.stringMatching(/^DROP INDEX CONCURRENTLY "public"\./),
      bytes: expect.any(Number),
    })
    expect(one?.words).toContain('since scans are counted')
  })

  test('that were used are not called unused', async () => {
    const { sql } = database
    await sql.reserve().then(async own => {
      await own`set enable_seqscan = off`
      await own`select * from person where boss = 7`
      await own`select pg_stat_force_next_flush()`
      await own`reset enable_seqscan`
      own.release()
    })
    const index = await called('person_boss')
    expect(index).toMatchObject({ scans: 1, lastScanAt: expect.any(Number) })
    const reading = await read()
    expect(judgeIndexes({ ...reading, since: 0 }).map(({ name }) => name)).not.toContain('person_boss')
  })

  test('a foreign key without one is found, however partial indexes look', async () => {
    const { foreignKeys, ...rest } = await read()
    expect(foreignKeys.map(({ name, indexed }) => [name, indexed])).toEqual([
      ['pet_owner_fkey', true],
      ['pet_vet_fkey', false],
    ])
    expect(judgeIndexes({ foreignKeys, ...rest, indexes: [] })).toMatchObject([
      {
        kind: 'missing-foreign-key',
        table: 'pet',
        statement: 'CREATE INDEX CONCURRENTLY ON "public"."pet" ("vet")',
        words: expect.stringContaining('refer to person by vet'),
      },
    ])
  })

  test('that a failed build left are INVALID', async () => {
    const { sql } = database
    await sql`create table twice (id int)`
    await sql`insert into twice values (1), (1)`
    await expect(sql`create unique index concurrently twice_once on twice (id)`).rejects.toThrow()
    const findings = judgeIndexes(await read()).filter(({ kind }) => kind === 'invalid')
    expect(findings).toMatchObject([
      { name: 'twice_once', statement: 'REINDEX INDEX CONCURRENTLY "public"."twice_once"', bytes: expect.any(Number) },
    ])
    await expect(sql`reindex index concurrently twice_once`).rejects.toThrow()
    const again = judgeIndexes(await read()).filter(({ kind }) => kind === 'invalid')
    expect(again.find(({ name }) => name === 'twice_once_ccnew')?.statement).toBe(
      'DROP INDEX CONCURRENTLY "public"."twice_once_ccnew"',
    )
    await sql`drop table twice`
  })

  test('of two that replace each other, what backs a constraint stays, then what is used more', () => {
    const index = (name: string, more: Partial<IndexState>): IndexState => ({
      schema: 'public',
      table: 't',
      name,
      method: 'btree',
      key: ['a'],
      included: [],
      predicate: null,
      ordering: ['1/0/0'],
      unique: false,
      primary: false,
      constraint: null,
      referenced: false,
      valid: true,
      building: false,
      partition: false,
      scans: 0,
      lastScanAt: null,
      bytes: 0,
      ...more,
    })
    const gone = (...list: IndexState[]) => duplicateIndexes(list).map(({ index: one }) => one.name)
    expect(gone(index('used', { scans: 9 }), index('idle', {}))).toEqual(['idle'])
    expect(gone(index('key', { unique: true, constraint: 'key' }), index('plain', { scans: 9 }))).toEqual(['plain'])
    expect(gone(index('once', { unique: true }), index('again', { unique: true, constraint: 'c' }))).toEqual(['once'])
    expect(
      gone(index('once', { unique: true }), index('longer', { key: ['a', 'b'], ordering: ['1/0/0', '1/0/0'] })),
    ).toEqual([])
    expect(gone(index('down', { ordering: ['1/0/3'] }), index('up', {}))).toEqual([])
    expect(gone(index('wide', { included: ['b'] }), index('slim', { unique: true }))).toEqual([])
    expect(
      gone(index('wide', { included: ['b'] }), index('keyed', { key: ['a', 'b'], ordering: ['1/0/0', '1/0/0'] })),
    ).toEqual(['wide'])
    expect(
      gone(
        index('gin', { method: 'gin' }),
        index('gins', { method: 'gin', key: ['a', 'b'], ordering: ['1/0/0', '1/0/0'] }),
      ),
    ).toEqual([])
    expect(gone(index('x', { referenced: true }), index('y', { scans: 4 }))).toEqual(['y'])
    expect(gone(index('x', { partition: true }), index('y', { valid: false }))).toEqual([])
  })
})
