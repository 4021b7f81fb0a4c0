import { beforeEach, describe, expect, test } from 'vitest'
import type { Repository } from './port.ts'
import type { NewProject, Project, SampleDomain } from './sample-domain.contract.ts'

interface Parts {
  domain(): SampleDomain
  tenant(): string
}

/** No method of a tenant's repository reads or changes a row of another one. */
export function repositoryTenancyContract({ domain, tenant }: Parts): void {
  describe('tenants', () => {
    let theirs: Project
    let removed: Project
    let mine: Repository<Project, NewProject>
    const stored = () => domain().sql(`select * from project where organization_id = '${tenant()}-other' order by id`)
    let before: unknown[]
    beforeEach(async () => {
      const other = domain().projects({ tenant: `${tenant()}-other` })
      theirs = await other.create({ name: 'theirs', priority: 1 })
      removed = await other.create({ name: 'theirs, removed' })
      await other.remove(removed.id)
      mine = domain().projects({ tenant: tenant() })
      await mine.create({ name: 'mine', priority: 1 })
      before = await stored()
    })

    test.each<[string, () => Promise<unknown>, unknown]>([
      ['find', () => mine.find(theirs.id), undefined],
      ['find of removed ones', () => mine.find(removed.id, { removed: 'with' }), undefined],
      ['findMany', () => mine.findMany([theirs.id, removed.id]), []],
      ['list', async () => (await mine.list({ total: true, removed: 'with' })).items.map(({ name }) => name), ['mine']],
      ['list by their id', async () => (await mine.list({ where: { id: theirs.id } })).items, []],
      [
        'list with or',
        async () => (await mine.list({ where: { or: [{ id: theirs.id }, { name: 'theirs' }] } })).items,
        [],
      ],
      ['the total', async () => (await mine.list({ total: true, removed: 'with' })).total, 1],
      ['count', () => mine.count({}, { removed: 'with' }), 1],
      ['count by their name', () => mine.count({ name: 'theirs' }), 0],
      ['updateMany', () => mine.updateMany({ priority: 1 }, { name: 'changed' }), 1],
      ['updateMany of all', () => mine.updateMany('all', { name: 'changed' }), 1],
      ['updateMany by their id', () => mine.updateMany({ id: theirs.id }, { name: 'changed' }), 0],
      ['removeMany', () => mine.removeMany('all'), 1],
      ['removeMany by their id', () => mine.removeMany({ id: { in: [theirs.id, removed.id] } }), 0],
    ])('%s sees only its own', async (_method, call, expected) => {
      expect(await call()).toEqual(expected)
      expect(await stored()).toEqual(before)
    })

    test.each<[string, () => Promise<unknown>, string]>([
      ['get', () => mine.get(theirs.id), 'NOT_FOUND'],
      ['update', () => mine.update(theirs.id, { name: 'x' }), 'NOT_FOUND'],
      ['update with its version', () => mine.update(theirs.id, { name: 'x' }, { version: 1 }), 'NOT_FOUND'],
      ['update with a wrong version', () => mine.update(theirs.id, { name: 'x' }, { version: 7 }), 'NOT_FOUND'],
      ['remove', () => mine.remove(theirs.id), 'NOT_FOUND'],
      ['restore', () => mine.restore(removed.id), 'NOT_FOUND'],
      ['erase', () => mine.erase(theirs.id), 'NOT_FOUND'],
      ['erase of a removed one', () => mine.erase(removed.id), 'NOT_FOUND'],
      ['create with their id', () => mine.create({ id: theirs.id, name: 'x' }), 'CONFLICT'],
      ['createMany with their id', () => mine.createMany([{ id: theirs.id, name: 'x' }]), 'CONFLICT'],
      ['upsert with their id', () => mine.upsert({ id: theirs.id, name: 'x' }), 'CONFLICT'],
      ['upsertMany with their id', () => mine.upsertMany([{ id: removed.id, name: 'x' }]), 'CONFLICT'],
    ])('%s is refused', async (_method, call, code) => {
      await expect(call()).rejects.toMatchObject({ code: `REPOSITORY_${code}` })
      expect(await stored()).toEqual(before)
    })

    test('an upsert by unique fields makes a row of its own where another tenant has the same values', async () => {
      const email = 'ada@example.com'
      const [a, b] = [`${tenant()}-a`, `${tenant()}-b`].map(tenant => domain().people({ tenant }))
      const first = await a?.upsert({ email, name: 'a' }, { by: ['email'] })
      const second = await b?.upsert({ email, name: 'b' }, { by: ['email'] })
      expect(second?.id).not.toBe(first?.id)
      expect(await b?.upsertMany([{ email, name: 'c' }], { by: ['email'] })).toBe(1)
      expect(await a?.list()).toMatchObject({ items: [{ name: 'a' }] })
      expect(await b?.list()).toMatchObject({ items: [{ name: 'c' }] })
    })

    test.each([undefined, '', null, 5, {}])('a repository for tenant %j is not made', given => {
      expect(() => domain().projects({ tenant: given as string })).toThrow(/needs a tenant/)
    })
  })
}
