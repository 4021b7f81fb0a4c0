import { bigint, char, integer, jsonb, pgEnum, pgTable, real, serial, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Cache, createCacheRegistry } from '../../cache/index.ts'
import { libraryDatabase } from '../../testing/library-database.ts'
import {
  BaseDrizzleRepository,
  createDatabase,
  createRepositories,
  createTransactions,
  type DrizzleRepositories,
  type DrizzleTransactions,
  defineDrizzleEntity,
  entityChanges,
  type PostgresDatabase,
  type Transaction,
} from '../index.ts'

const kind = pgEnum('kind', ['small', 'large'])
const time = (name: string) => timestamp(name, { withTimezone: true })
const thing = pgTable('thing', {
  id: serial().primaryKey(),
  tenant: text().notNull(),
  label: text().notNull(),
  code: char({ length: 3 }),
  kind: kind().notNull().default('small'),
  size: real(),
  huge: bigint({ mode: 'bigint' }),
  day: timestamp({ mode: 'string' }),
  tags: text().array().notNull().default([]),
  facts: jsonb().$type<{ at?: string; secret?: string }>(),
  key: uuid().$defaultFn(() => '00000000-0000-4000-8000-000000000001'),
  touched: integer()
    .$onUpdateFn(() => 7)
    .notNull(),
  removedAt: time('removed_at'),
})
const things = defineDrizzleEntity(thing, {
  name: 'thing',
  filterable: ['label', 'code', 'kind', 'size', 'huge', 'day'],
  sortable: ['code', 'kind', 'size', 'huge', 'day', 'label'],
  tenant: 'tenant',
  removedAt: 'removedAt',
  audit: { hidden: ['facts'] },
})
const seen = defineDrizzleEntity(thing, { name: 'seen', filterable: [], sortable: [], audit: true, newId: () => 77 })

class Things extends BaseDrizzleRepository<typeof thing, typeof things> {
  constructor(parts: DrizzleRepositories, scope: { tenant: string; actor?: string }) {
    super(things, parts, scope)
  }
  large() {
    return this.list({ where: { kind: 'large' } })
  }
}

let server: { url: string; drop(): Promise<void> }
let database: PostgresDatabase
let transactions: DrizzleTransactions
let cache: Cache
let mine: Things
let cached: DrizzleRepositories
let uncached: DrizzleRepositories
const caches = createCacheRegistry()
const own = new Error('changed my mind')
beforeAll(async () => {
  server = await libraryDatabase('audit')
  database = await createDatabase({ url: server.url })
  transactions = await createTransactions(database)
  cache = await caches.create({ name: 'things', kind: 'memory' })
  cached = await createRepositories({ transactions, cache })
  uncached = await createRepositories({ transactions })
  await database.sql.unsafe(`
    create type kind as enum ('small', 'large');
    create table thing (
      id serial primary key, tenant text not null, label text not null, code char(3), kind kind not null default 'small', size real, huge bigint,
      day timestamp, tags text[] not null default '{}', facts jsonb, key uuid, touched int not null, removed_at timestamptz)`)
})
afterAll(async () => {
  await Promise.all([database.close(), caches.close()])
  await server.drop()
})
beforeEach(async () => {
  await database.sql`truncate thing, substation_app.entity_change restart identity`
  await cache.clear()
  mine = new Things(cached, { tenant: 'org-1', actor: 'ada' })
})
const changes = (id: number, entity = 'thing') => entityChanges(database.sql, { entity, id, tenant: 'org-1' })

describe('columns', () => {
  test('of every type are written, read, compared and passed by cursors', async () => {
    const given = {
      label: 'a',
      code: 'abc',
      kind: 'large' as const,
      size: 0.1,
      huge: 9_007_199_254_740_993n,
      day: '2026-01-02 03:04:05.678901',
      tags: ['x', 'y "z", {}'],
      facts: { at: "o'clock" },
    }
    const made = await mine.create(given)
    expect(made).toMatchObject({ ...given, id: 1, key: '00000000-0000-4000-8000-000000000001', touched: 7 })
    await mine.createMany([
      { label: 'b', kind: 'large' },
      { label: 'c', code: 'abd', huge: 2n, size: 2 },
    ])
    expect(await mine.find(1)).toEqual(made)
    const updated = await mine.update(1, { tags: ['z'], facts: null, huge: 1n })
    expect(updated).toMatchObject({ tags: ['z'], facts: null, huge: 1n })
    expect((await mine.large()).items.map(({ label }) => label)).toEqual(['a', 'b'])
    for (const where of [
      { kind: 'large', code: 'abc' },
      { huge: '1' },
      { huge: { gte: 1 }, size: { lt: '1' } },
      { day: { startsWith: '2026-01' } },
      { kind: { contains: 'ARG' }, huge: 1n },
    ] as object[])
      expect((await mine.list({ where })).items).toMatchObject([{ id: 1 }])
    for (const sort of ['code', 'kind', 'size', 'huge', 'day', '-code', '-huge', '-day'] as const) {
      const labels: string[] = []
      for await (const { label } of mine.each({ sort: [sort], limit: 1 })) labels.push(label)
      expect([...labels].sort()).toEqual(['a', 'b', 'c'])
    }
  })

  test.each([
    { size: 'NaN' },
    { size: ' ' },
    { huge: '1.5' },
    { huge: true },
    { label: true },
    { day: new Date(Number.NaN) },
  ])('%j is not compared', async where => {
    await expect(mine.list({ where: where as object })).rejects.toMatchObject({ code: 'REPOSITORY_QUERY' })
  })

  test('a value that its type refuses is an error of the value', async () => {
    await expect(mine.create({ label: 'x', kind: 'other' as 'large' })).rejects.toMatchObject({
      code: 'REPOSITORY_VALUE',
    })
  })

  test('a definition that names what is not there is refused', () => {
    for (const wrong of [{ tenant: 'owner' }, { filterable: ['x'] }, { sortable: ['x'] }, { id: 'key2' }]) {
      const definition = { ...things, audit: undefined, ...wrong } as unknown as typeof things
      expect(() => new BaseDrizzleRepository(definition, uncached, { tenant: 'a' })).toThrow(
        /which it has not|no column/,
      )
    }
  })

  test('types ask for the tenant, and take no field of the repository', () => {
    // @ts-expect-error the scope of an entity with tenants has one
    expect(() => new BaseDrizzleRepository(things, uncached, {})).toThrow(/tenant/)
    // @ts-expect-error the tenant is not a value
    const refused = () => mine.create({ label: 'x', tenant: 'org-2' })
    return expect(refused()).rejects.toMatchObject({ code: 'REPOSITORY_VALUE' })
  })
})

describe('transactions', () => {
  test('a repository joins the one that it is called in', async () => {
    await expect(
      transactions.run(async () => {
        const { id } = await mine.create({ label: 'a' })
        await mine.createMany([{ label: 'b' }, { label: 'c', code: 'x' }])
        await mine.remove(id)
        expect(await mine.count({}, { removed: 'with' })).toBe(3)
        expect(await transactions.outside(() => mine.count({}, { removed: 'with' }))).toBe(0)
        throw own
      }),
    ).rejects.toBe(own)
    expect(await mine.count({}, { removed: 'with' })).toBe(0)
    expect(await database.sql`select 1 from substation_app.entity_change`).toHaveLength(0)
  })

  test('a chunk of different shapes is written whole or not at all', async () => {
    const values = [{ label: 'a' }, { label: 'b', code: 'x' }, { label: 'c', code: 'too long' }]
    await expect(mine.createMany(values)).rejects.toMatchObject({ code: 'REPOSITORY_VALUE', written: 0 })
    expect(await mine.count()).toBe(0)
  })

  test('a conflict that a repository met is run again', async () => {
    const { id } = await mine.create({ label: 'a' })
    const attempts: number[] = []
    await transactions.run(
      async ({ attempt }) => {
        attempts.push(attempt)
        await mine.count()
        if (attempt === 1) await transactions.outside(() => mine.update(id, { label: 'b' }))
        await mine.update(id, { code: 'x' })
      },
      { isolation: 'repeatable read', backoffMs: 1 },
    )
    expect(attempts).toEqual([1, 2])
    expect(await mine.get(id)).toMatchObject({ label: 'b', code: 'x  ' })
  })
})

describe('the audit trail', () => {
  test('has before and after of each change, who made it, and no hidden values', async () => {
    const { id } = await mine.create({ label: 'a', facts: { secret: 'x' } })
    await mine.update(id, { label: 'b' })
    await mine.remove(id)
    await mine.restore(id)
    await mine.erase(id)
    const trail = await changes(id)
    expect(trail.map(({ action, before, after }) => [action, before?.label, after?.label])).toEqual([
      ['erase', 'b', undefined],
      ['restore', 'b', 'b'],
      ['remove', 'b', 'b'],
      ['update', 'a', 'b'],
      ['create', undefined, 'a'],
    ])
    expect(trail[2]).toMatchObject({ actor: 'ada', at: expect.any(Date), before: { removed_at: null } })
    expect(trail[2]?.after?.removed_at).toEqual(expect.any(String))
    expect(JSON.stringify(trail)).not.toContain('secret')
    expect(await entityChanges(database.sql, { entity: 'thing', id, tenant: 'org-2' })).toEqual([])
  })

  test('is written by bulk methods and upserts as well', async () => {
    await mine.createMany([{ label: 'a' }, { label: 'b' }, { label: 'c' }])
    await mine.updateMany({ label: { ne: 'c' } }, { code: 'x' }, { chunk: 1 })
    await mine.upsertMany([
      { id: 1, label: 'new a' },
      { id: 9, label: 'new' },
    ])
    await mine.upsert({ id: 2, label: 'b' })
    await mine.removeMany('all')
    const actions = async (id: number) => (await changes(id)).map(({ action }) => action)
    expect(await actions(1)).toEqual(['remove', 'update', 'update', 'create'])
    expect(await actions(3)).toEqual(['remove', 'create'])
    expect(await actions(9)).toEqual(['remove', 'create'])
    expect((await changes(1))[1]).toMatchObject({ before: { label: 'a', code: 'x  ' }, after: { label: 'new a' } })
  })

  test('of an entity without tenants has none', async () => {
    const all = new BaseDrizzleRepository(seen, uncached, {})
    const { id } = await all.create({ label: 'a', tenant: 'org-9', facts: { secret: 'shown' } })
    await all.removeMany('all')
    const trail = await entityChanges(database.sql, { entity: 'seen', id })
    expect(trail).toMatchObject([
      { action: 'erase', actor: null, after: null },
      { action: 'create', before: null, after: { facts: { secret: 'shown' } } },
    ])
  })

  test('a change that cannot be noted is not made', async () => {
    await database.sql`alter table substation_app.entity_change rename to hidden`
    try {
      await expect(mine.create({ label: 'a' })).rejects.toMatchObject({
        code: 'REPOSITORY_REFUSED',
        nextStep: expect.stringContaining("libraryMigrations('audit')"),
      })
    } finally {
      await database.sql`alter table substation_app.hidden rename to entity_change`
    }
    expect(await mine.count()).toBe(0)
  })

  test('the trigger of the library notes what others write', async () => {
    await database.sql.unsafe(`create trigger note after insert or update or delete on thing for each row
      execute function substation_app.note_entity_change('noted', 'id', 'tenant', 'removed_at', 'facts,size')`)
    try {
      await database.sql.begin(async sql => {
        await sql`select set_config('request.jwt.claims', '{"sub":"grace"}', true)`
        await sql`insert into thing (id, tenant, label, touched, facts) values (5, 'org-1', 'a', 1, '{"secret":1}')`
        await sql`update thing set label = 'b' where id = 5`
        await sql`update thing set removed_at = now() where id = 5`
        await sql`update thing set removed_at = null where id = 5`
      })
      await database.sql`delete from thing where id = 5`
    } finally {
      await database.sql`drop trigger note on thing`
    }
    const trail = await changes(5, 'noted')
    expect(trail.map(({ action, actor }) => [action, actor])).toEqual([
      ['erase', null],
      ['restore', 'grace'],
      ['remove', 'grace'],
      ['update', 'grace'],
      ['create', 'grace'],
    ])
    expect(trail[3]).toMatchObject({ before: { label: 'a' }, after: { label: 'b' } })
    expect(JSON.stringify(trail)).not.toContain('secret')
  })
})

describe('the cache', () => {
  const inDatabase = (label: string) => database.sql`update thing set label = ${label}`

  test('keeps what was found, as it is, for its tenant', async () => {
    const made = await mine.create({ label: 'a', huge: 5n, facts: { at: 'x' } })
    await mine.find(made.id)
    await inDatabase('changed behind')
    expect(await mine.find(made.id)).toEqual(made)
    expect(await new Things(cached, { tenant: 'org-2' }).find(made.id)).toBeUndefined()
    expect(await mine.find(99)).toBeUndefined()
    await cache.invalidate({ by: 'entity', type: 'thing', id: made.id })
    expect(await mine.find(made.id)).toMatchObject({ label: 'changed behind' })
  })

  test('dates of it are dates', async () => {
    const dated = pgTable('thing', { id: serial().primaryKey(), at: time('removed_at') })
    const definition = defineDrizzleEntity(dated, { name: 'dated', filterable: [], sortable: [] })
    await database.sql`insert into thing (id, tenant, label, touched, removed_at) values (3, 'x', 'x', 1, '2026-01-02Z')`
    const all = new BaseDrizzleRepository(definition, cached, {})
    for (let time = 0; time < 2; time++) expect(await all.get(3)).toEqual({ id: 3, at: new Date('2026-01-02Z') })
  })

  test.each<[string, (id: number) => Promise<unknown>]>([
    ['update', id => mine.update(id, { code: 'x' })],
    ['updateMany', () => mine.updateMany('all', { code: 'x' })],
    ['upsert', id => mine.upsert({ id, label: 'b' })],
    ['remove', id => mine.remove(id)],
    ['removeMany', () => mine.removeMany('all')],
    ['erase', id => mine.erase(id)],
  ])('%s invalidates', async (_method, change) => {
    const { id } = await mine.create({ label: 'a' })
    await mine.find(id)
    await change(id)
    await inDatabase('now')
    expect(await mine.find(id).then(found => found?.label)).not.toBe('a')
  })

  test('many at once are invalidated together', async () => {
    await mine.createMany(Array.from({ length: 150 }, (_, at) => ({ label: `a${at}` })))
    await mine.find(1)
    await mine.updateMany('all', { label: 'b' })
    expect(await mine.find(1)).toMatchObject({ label: 'b' })
  })

  test('in a transaction the database is read, and the cache is invalidated at its commit', async () => {
    const { id } = await mine.create({ label: 'a' })
    await mine.find(id)
    await transactions.run(async () => {
      await mine.update(id, { label: 'b' })
      expect(await mine.find(id)).toMatchObject({ label: 'b' })
      expect(await transactions.outside(() => mine.find(id))).toMatchObject({ label: 'a' })
    })
    expect(await mine.find(id)).toMatchObject({ label: 'b' })
  })

  test('a rollback invalidates nothing, one that may have been committed does', async () => {
    const { id } = await mine.create({ label: 'a' })
    await mine.find(id)
    const hooks: ((reason: { outcome: 'rolled-back' | 'unknown'; error: unknown }) => unknown)[] = []
    const watching: typeof transactions = {
      ...transactions,
      current: () => ({
        ...({} as Transaction<never>),
        afterCommit: () => undefined,
        afterRollback: hook => void hooks.push(hook),
      }),
    }
    const watched = new Things(await createRepositories({ cache, transactions: watching }), { tenant: 'org-1' })
    await watched.update(id, { label: 'b' })
    await hooks[0]?.({ outcome: 'rolled-back', error: own })
    expect(await mine.find(id)).toMatchObject({ label: 'a' })
    await hooks[0]?.({ outcome: 'unknown', error: own })
    expect(await mine.find(id)).toMatchObject({ label: 'b' })
  })

  test('without its Redis it is invalidated here all the same', async () => {
    const unreachable = createCacheRegistry({ redisUrl: 'redis://127.0.0.1:1', commandTimeoutMs: 100 })
    const tiered = await unreachable.create({ name: 'tiered', namespace: 'unreachable' })
    const shared = await createRepositories({ transactions, cache: tiered })
    const cached = new Things(shared, { tenant: 'org-1' })
    const { id } = await cached.create({ label: 'a' })
    await cached.find(id)
    await cached.update(id, { label: 'b' })
    expect(await cached.find(id)).toMatchObject({ label: 'b' })
    await unreachable.close()
  })
})

test('errors of the server keep their kind', async () => {
  const denied = await createDatabase({ url: server.url, maxConnections: 1 })
  const repository = new Things(await createRepositories({ transactions: await createTransactions(denied) }), {
    tenant: 'org-1',
  })
  await database.sql`create role nobody_${database.sql.unsafe(String(process.pid))}`
  await denied.sql.unsafe(`set role nobody_${process.pid}`)
  await expect(repository.count()).rejects.toMatchObject({ code: 'REPOSITORY_DENIED' })
  await denied.close()
  await database.sql.unsafe(`drop role nobody_${process.pid}`)
  await expect(repository.count()).rejects.toMatchObject({ code: 'REPOSITORY_REFUSED' })
  const away = await createDatabase({ url: 'postgres://x@127.0.0.1:1/x' })
  const unreachable = new Things(await createRepositories({ transactions: await createTransactions(away) }), {
    tenant: 'org-1',
  })
  await expect(unreachable.count()).rejects.toMatchObject({ code: 'REPOSITORY_UNREACHABLE', retryable: true })
  await expect(mine.createMany([{ label: null as unknown as string }])).rejects.toMatchObject({
    code: 'REPOSITORY_VALUE',
    written: 0,
  })
  await away.close()
})
