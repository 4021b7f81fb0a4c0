import { describe, expect, test } from 'vitest'
import { Things, things, thingsBench } from '../../testing/things-bench.ts'
import { BaseDrizzleRepository, createDatabase, createRepositories, createTransactions } from '../index.ts'

const bench = thingsBench()
const own = new Error('changed my mind')

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
    const made = await bench.mine.create(given)
    expect(made).toMatchObject({ ...given, id: 1, key: '00000000-0000-4000-8000-000000000001', touched: 7 })
    await bench.mine.createMany([
      { label: 'b', kind: 'large' },
      { label: 'c', code: 'abd', huge: 2n, size: 2 },
    ])
    expect(await bench.mine.find(1)).toEqual(made)
    const updated = await bench.mine.update(1, { tags: ['z'], facts: null, huge: 1n })
    expect(updated).toMatchObject({ tags: ['z'], facts: null, huge: 1n })
    expect((await bench.mine.large()).items.map(({ label }) => label)).toEqual(['a', 'b'])
    for (const where of [
      { kind: 'large', code: 'abc' },
      { huge: '1' },
      { huge: { gte: 1 }, size: { lt: '1' } },
      { day: { startsWith: '2026-01' } },
      { kind: { contains: 'ARG' }, huge: 1n },
    ] as object[])
      expect((await bench.mine.list({ where })).items).toMatchObject([{ id: 1 }])
    for (const sort of ['code', 'kind', 'size', 'huge', 'day', '-code', '-huge', '-day'] as const) {
      const labels: string[] = []
      for await (const { label } of bench.mine.each({ sort: [sort], limit: 1 })) labels.push(label)
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
    await expect(bench.mine.list({ where: where as object })).rejects.toMatchObject({ code: 'REPOSITORY_QUERY' })
  })

  test('a value that its type refuses is an error of the value', async () => {
    await expect(bench.mine.create({ label: 'x', kind: 'other' as 'large' })).rejects.toMatchObject({
      code: 'REPOSITORY_VALUE',
    })
  })

  test('a definition that names what is not there is refused', () => {
    for (const wrong of [{ tenant: 'owner' }, { filterable: ['x'] }, { sortable: ['x'] }, { id: 'key2' }]) {
      const definition = { ...things, audit: undefined, ...wrong } as unknown as typeof things
      expect(() => new BaseDrizzleRepository(definition, bench.uncached, { tenant: 'a' })).toThrow(
        /which it has not|no column/,
      )
    }
  })

  test('types ask for the tenant, and take no field of the repository', () => {
    // @ts-expect-error the scope of an entity with tenants has one
    expect(() => new BaseDrizzleRepository(things, bench.uncached, {})).toThrow(/tenant/)
    // @ts-expect-error the tenant is not a value
    const refused = () => bench.mine.create({ label: 'x', tenant: 'org-2' })
    return expect(refused()).rejects.toMatchObject({ code: 'REPOSITORY_VALUE' })
  })
})

describe('transactions', () => {
  test('a repository joins the one that it is called in', async () => {
    await expect(
      bench.transactions.run(async () => {
        const { id } = await bench.mine.create({ label: 'a' })
        await bench.mine.createMany([{ label: 'b' }, { label: 'c', code: 'x' }])
        await bench.mine.remove(id)
        expect(await bench.mine.count({}, { removed: 'with' })).toBe(3)
        expect(await bench.transactions.outside(() => bench.mine.count({}, { removed: 'with' }))).toBe(0)
        throw own
      }),
    ).rejects.toBe(own)
    expect(await bench.mine.count({}, { removed: 'with' })).toBe(0)
    expect(await bench.database.sql`select 1 from substation_app.entity_change`).toHaveLength(0)
  })

  test('a chunk of different shapes is written whole or not at all', async () => {
    const values = [{ label: 'a' }, { label: 'b', code: 'x' }, { label: 'c', code: 'too long' }]
    await expect(bench.mine.createMany(values)).rejects.toMatchObject({ code: 'REPOSITORY_VALUE', written: 0 })
    expect(await bench.mine.count()).toBe(0)
  })

  test('a conflict that a repository met is run again', async () => {
    const { id } = await bench.mine.create({ label: 'a' })
    const attempts: number[] = []
    await bench.transactions.run(
      async ({ attempt }) => {
        attempts.push(attempt)
        await bench.mine.count()
        if (attempt === 1) await bench.transactions.outside(() => bench.mine.update(id, { label: 'b' }))
        await bench.mine.update(id, { code: 'x' })
      },
      { isolation: 'repeatable read', backoffMs: 1 },
    )
    expect(attempts).toEqual([1, 2])
    expect(await bench.mine.get(id)).toMatchObject({ label: 'b', code: 'x  ' })
  })
})

test('errors of the server keep their kind', async () => {
  const denied = await createDatabase({ url: bench.server.url, maxConnections: 1 })
  const repository = new Things(await createRepositories({ transactions: await createTransactions(denied) }), {
    tenant: 'org-1',
  })
  await bench.database.sql`create role nobody_${bench.database.sql.unsafe(String(process.pid))}`
  await denied.sql.unsafe(`set role nobody_${process.pid}`)
  await expect(repository.count()).rejects.toMatchObject({ code: 'REPOSITORY_DENIED' })
  await denied.close()
  await bench.database.sql.unsafe(`drop role nobody_${process.pid}`)
  await expect(repository.count()).rejects.toMatchObject({ code: 'REPOSITORY_REFUSED' })
  const away = await createDatabase({ url: 'postgres://x@127.0.0.1:1/x' })
  const unreachable = new Things(await createRepositories({ transactions: await createTransactions(away) }), {
    tenant: 'org-1',
  })
  await expect(unreachable.count()).rejects.toMatchObject({ code: 'REPOSITORY_UNREACHABLE', retryable: true })
  await expect(bench.mine.createMany([{ label: null as unknown as string }])).rejects.toMatchObject({
    code: 'REPOSITORY_VALUE',
    written: 0,
  })
  await away.close()
})
