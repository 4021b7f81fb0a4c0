import { pgTable, serial, timestamp } from 'drizzle-orm/pg-core'
import { describe, expect, test } from 'vitest'
import { createCacheRegistry } from '../../cache/index.ts'
import { Things, thingsBench } from '../../testing/things-bench.ts'
import { BaseDrizzleRepository, createRepositories, defineDrizzleEntity, type Transaction } from '../index.ts'

const bench = thingsBench()
const own = new Error('changed my mind')

describe('the cache', () => {
  const inDatabase = (label: string) => bench.database.sql`update thing set label = ${label}`

  test('keeps what was found, as it is, for its tenant', async () => {
    const made = await bench.mine.create({ label: 'a', huge: 5n, facts: { at: 'x' } })
    await bench.mine.find(made.id)
    await inDatabase('changed behind')
    expect(await bench.mine.find(made.id)).toEqual(made)
    expect(await new Things(bench.cached, { tenant: 'org-2' }).find(made.id)).toBeUndefined()
    expect(await bench.mine.find(99)).toBeUndefined()
    await bench.cache.invalidate({ by: 'entity', type: 'thing', id: made.id })
    expect(await bench.mine.find(made.id)).toMatchObject({ label: 'changed behind' })
  })

  test('dates of it are dates', async () => {
    // Named, as drizzle looks up columns without a name by their table's, and there is another declaration of this one.
    const dated = pgTable('thing', {
      id: serial('id').primaryKey(),
      at: timestamp('removed_at', { withTimezone: true }),
    })
    const definition = defineDrizzleEntity(dated, { name: 'dated', filterable: [], sortable: [] })
    await bench.database
      .sql`insert into thing (id, tenant, label, touched, removed_at) values (3, 'x', 'x', 1, '2026-01-02Z')`
    const all = new BaseDrizzleRepository(definition, bench.cached, {})
    for (let time = 0; time < 2; time++) expect(await all.get(3)).toEqual({ id: 3, at: new Date('2026-01-02Z') })
  })

  test.each<[string, (id: number) => Promise<unknown>]>([
    ['update', id => bench.mine.update(id, { code: 'x' })],
    ['updateMany', () => bench.mine.updateMany('all', { code: 'x' })],
    ['upsert', id => bench.mine.upsert({ id, label: 'b' })],
    ['remove', id => bench.mine.remove(id)],
    ['removeMany', () => bench.mine.removeMany('all')],
    ['erase', id => bench.mine.erase(id)],
  ])('%s invalidates', async (_method, change) => {
    const { id } = await bench.mine.create({ label: 'a' })
    await bench.mine.find(id)
    await change(id)
    await inDatabase('now')
    expect(await bench.mine.find(id).then(found => found?.label)).not.toBe('a')
  })

  test('many at once are invalidated together', async () => {
    await bench.mine.createMany(Array.from({ length: 150 }, (_, at) => ({ label: `a${at}` })))
    await bench.mine.find(1)
    await bench.mine.updateMany('all', { label: 'b' })
    expect(await bench.mine.find(1)).toMatchObject({ label: 'b' })
  })

  test('in a transaction the database is read, and the cache is invalidated at its commit', async () => {
    const { id } = await bench.mine.create({ label: 'a' })
    await bench.mine.find(id)
    await bench.transactions.run(async () => {
      await bench.mine.update(id, { label: 'b' })
      expect(await bench.mine.find(id)).toMatchObject({ label: 'b' })
      expect(await bench.transactions.outside(() => bench.mine.find(id))).toMatchObject({ label: 'a' })
    })
    expect(await bench.mine.find(id)).toMatchObject({ label: 'b' })
  })

  test('a rollback invalidates nothing, one that may have been committed does', async () => {
    const { id } = await bench.mine.create({ label: 'a' })
    await bench.mine.find(id)
    const hooks: ((reason: { outcome: 'rolled-back' | 'unknown'; error: unknown }) => unknown)[] = []
    const watching: typeof bench.transactions = {
      ...bench.transactions,
      current: () => ({
        ...({} as Transaction<never>),
        afterCommit: () => undefined,
        afterRollback: hook => void hooks.push(hook),
      }),
    }
    const watched = new Things(await createRepositories({ cache: bench.cache, transactions: watching }), {
      tenant: 'org-1',
    })
    await watched.update(id, { label: 'b' })
    await hooks[0]?.({ outcome: 'rolled-back', error: own })
    expect(await bench.mine.find(id)).toMatchObject({ label: 'a' })
    await hooks[0]?.({ outcome: 'unknown', error: own })
    expect(await bench.mine.find(id)).toMatchObject({ label: 'b' })
  })

  test('without its Redis it is invalidated here all the same', async () => {
    const unreachable = createCacheRegistry({ redisUrl: 'redis://127.0.0.1:1', commandTimeoutMs: 100 })
    const tiered = await unreachable.create({ name: 'tiered', namespace: 'unreachable' })
    const shared = await createRepositories({ transactions: bench.transactions, cache: tiered })
    const cached = new Things(shared, { tenant: 'org-1' })
    const { id } = await cached.create({ label: 'a' })
    await cached.find(id)
    await cached.update(id, { label: 'b' })
    expect(await cached.find(id)).toMatchObject({ label: 'b' })
    await unreachable.close()
  })
})
