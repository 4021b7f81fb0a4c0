import { describe, expect, test } from 'vitest'
import { thing, thingsBench } from '../../testing/things-bench.ts'
import { BaseDrizzleRepository, defineDrizzleEntity, entityChanges } from '../index.ts'

const bench = thingsBench()
const seen = defineDrizzleEntity(thing, { name: 'seen', filterable: [], sortable: [], audit: true, newId: () => 77 })
const changes = (id: number, entity = 'thing') => entityChanges(bench.database.sql, { entity, id, tenant: 'org-1' })

describe('the audit trail', () => {
  test('has before and after of each change, who made it, and no hidden values', async () => {
    const { id } = await bench.mine.create({ label: 'a', facts: { secret: 'x' } })
    await bench.mine.update(id, { label: 'b' })
    await bench.mine.remove(id)
    await bench.mine.restore(id)
    await bench.mine.erase(id)
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
    expect(await entityChanges(bench.database.sql, { entity: 'thing', id, tenant: 'org-2' })).toEqual([])
  })

  test('is written by bulk methods and upserts as well', async () => {
    await bench.mine.createMany([{ label: 'a' }, { label: 'b' }, { label: 'c' }])
    await bench.mine.updateMany({ label: { ne: 'c' } }, { code: 'x' }, { chunk: 1 })
    await bench.mine.upsertMany([
      { id: 1, label: 'new a' },
      { id: 9, label: 'new' },
    ])
    await bench.mine.upsert({ id: 2, label: 'b' })
    await bench.mine.removeMany('all')
    const actions = async (id: number) => (await changes(id)).map(({ action }) => action)
    expect(await actions(1)).toEqual(['remove', 'update', 'update', 'create'])
    expect(await actions(3)).toEqual(['remove', 'create'])
    expect(await actions(9)).toEqual(['remove', 'create'])
    expect((await changes(1))[1]).toMatchObject({ before: { label: 'a', code: 'x  ' }, after: { label: 'new a' } })
  })

  test('of an entity without tenants has none', async () => {
    const all = new BaseDrizzleRepository(seen, bench.uncached, {})
    const { id } = await all.create({ label: 'a', tenant: 'org-9', facts: { secret: 'shown' } })
    await all.removeMany('all')
    const trail = await entityChanges(bench.database.sql, { entity: 'seen', id })
    expect(trail).toMatchObject([
      { action: 'erase', actor: null, after: null },
      { action: 'create', before: null, after: { facts: { secret: 'shown' } } },
    ])
  })

  test('a change that cannot be noted is not made', async () => {
    await bench.database.sql`alter table substation_app.entity_change rename to hidden`
    try {
      await expect(bench.mine.create({ label: 'a' })).rejects.toMatchObject({
        code: 'REPOSITORY_REFUSED',
        nextStep: expect.stringContaining("libraryMigrations('audit')"),
      })
    } finally {
      await bench.database.sql`alter table substation_app.hidden rename to entity_change`
    }
    expect(await bench.mine.count()).toBe(0)
  })

  test('the trigger of the library notes what others write', async () => {
    await bench.database.sql.unsafe(`create trigger note after insert or update or delete on thing for each row
      execute function substation_app.note_entity_change('noted', 'id', 'tenant', 'removed_at', 'facts,size')`)
    try {
      await bench.database.sql.begin(async sql => {
        await sql`select set_config('request.jwt.claims', '{"sub":"grace"}', true)`
        await sql`insert into thing (id, tenant, label, touched, facts) values (5, 'org-1', 'a', 1, '{"secret":1}')`
        await sql`update thing set label = 'b' where id = 5`
        await sql`update thing set removed_at = now() where id = 5`
        await sql`update thing set removed_at = null where id = 5`
      })
      await bench.database.sql`delete from thing where id = 5`
    } finally {
      await bench.database.sql`drop trigger note on thing`
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
