import { describe, expect, test } from 'vitest'
import type { SampleDomain } from './sample-domain.contract.ts'

interface Parts {
  domain(): SampleDomain
  tenant(): string
}

/** Many at once, in chunks. */
export function repositoryBulkContract({ domain, tenant }: Parts): void {
  describe('bulk', () => {
    const projects = (actor?: string) => domain().projects({ tenant: tenant(), ...(actor ? { actor } : {}) })
    const people = () => domain().people({ tenant: tenant() })
    const many = (count: number) => Array.from({ length: count }, (_, at) => ({ name: `p${at}`, priority: at }))
    const emails = (...names: string[]) => names.map(name => ({ email: `${name}@example.com`, name }))

    test('creates in chunks, with and without the fields that may be left out', async () => {
      const progress: number[] = []
      const values = [...many(5), { name: 'without' }, { name: 'other', status: 'done' }]
      const written = await projects('ada').createMany(values, { chunk: 3, onProgress: done => progress.push(done) })
      expect([written, progress]).toEqual([7, [3, 6, 7]])
      expect(await projects().count({ status: 'open', version: 1 })).toBe(6)
      expect((await projects().list({ where: { name: 'other' } })).items).toMatchObject([
        { createdBy: 'ada', status: 'done', priority: null, organizationId: tenant() },
      ])
      expect(await projects().createMany([])).toBe(0)
      function* generated() {
        yield { name: 'generated' }
      }
      expect(await projects().createMany(generated())).toBe(1)
    })

    test('an error says how many were written before, and its chunk is not', async () => {
      const values = emails('a', 'b', 'c', 'b', 'd')
      await expect(people().createMany(values, { chunk: 2 })).rejects.toMatchObject({
        code: 'REPOSITORY_CONFLICT',
        written: 2,
        constraint: 'person_organization_id_email_key',
      })
      expect(await people().count()).toBe(2)
    })

    test('a signal ends it between two chunks', async () => {
      const controller = new AbortController()
      const ending = projects().createMany(many(4), {
        chunk: 2,
        signal: controller.signal,
        onProgress: () => controller.abort(new Error('enough')),
      })
      await expect(ending).rejects.toThrow('enough')
      expect(await projects().count()).toBe(2)
    })

    test('changes all that match, each once, although they match no more', async () => {
      await projects().createMany(many(7))
      const progress: number[] = []
      const options = { chunk: 3, onProgress: (done: number) => progress.push(done) }
      expect(
        await projects('ada').updateMany({ priority: { gte: 2 } }, { priority: 100, status: 'late' }, options),
      ).toBe(5)
      expect(progress).toEqual([3, 5])
      expect(await projects().count({ status: 'late', priority: 100, version: 2 })).toBe(5)
      expect(await projects().updateMany({ priority: { lt: 2 } }, { priority: -1 })).toBe(2)
      expect(await projects().updateMany('all', { status: 'all' }, { chunk: 7 })).toBe(7)
      expect(await projects().updateMany({ status: 'none' }, { priority: 0 })).toBe(0)
    })

    test('removes all that match', async () => {
      await projects().createMany(many(5))
      expect(await projects().removeMany({ priority: { lt: 3 } }, { chunk: 2 })).toBe(3)
      expect([await projects().count(), await projects().count({}, { removed: 'only' })]).toEqual([2, 3])
      await people().createMany(emails('a', 'b', 'c'))
      expect(await people().removeMany({ email: { ne: 'b@example.com' } })).toBe(2)
      expect((await people().list()).items).toMatchObject([{ name: 'b' }])
      expect(await people().removeMany('all')).toBe(1)
    })

    test('upserts create and change in one go', async () => {
      await people().createMany(emails('a', 'b'))
      const values = emails('b', 'c', 'd').map(person => ({ ...person, name: `new ${person.name}` }))
      expect(await people().upsertMany(values, { by: ['email'], chunk: 2 })).toBe(3)
      const { items } = await people().list({ sort: ['email'] })
      expect(items.map(({ name }) => name)).toEqual(['a', 'new b', 'new c', 'new d'])
    })

    test.each([0, -1, 1.5, 10_001])('a chunk of %d is refused', async chunk => {
      await expect(projects().createMany(many(1), { chunk })).rejects.toMatchObject({ code: 'REPOSITORY_VALUE' })
    })

    test('an empty filter does not mean all', async () => {
      await projects().createMany(many(1))
      await expect(projects().updateMany({}, { name: 'x' })).rejects.toMatchObject({ code: 'REPOSITORY_QUERY' })
      await expect(projects().removeMany({})).rejects.toMatchObject({ code: 'REPOSITORY_QUERY' })
      await expect(projects().removeMany({ name: undefined } as object)).rejects.toMatchObject({
        code: 'REPOSITORY_QUERY',
      })
      expect(await projects().count({ name: 'p0' })).toBe(1)
    })
  })
}
