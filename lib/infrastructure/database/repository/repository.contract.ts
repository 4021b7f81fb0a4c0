import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { newId } from '../../../core/ids.ts'
import { repositoryBulkContract } from './bulk.contract.ts'
import { repositoryListContract } from './list.contract.ts'
import type { Invoice, SampleDomain } from './sample-domain.contract.ts'
import { repositoryTenancyContract } from './tenancy.contract.ts'

/** What every repository guarantees, on a real server, with the tables of `SAMPLE_TABLES`. */
export function repositoryContract(name: string, setup: () => Promise<SampleDomain>): void {
  describe(`${name} keeps the repository contract`, () => {
    let domain: SampleDomain
    let tenant: string
    beforeAll(async () => {
      domain = await setup()
    })
    afterAll(() => domain.close())
    beforeEach(() => {
      tenant = `org-${newId()}`
    })
    const projects = (actor?: string) => domain.projects({ tenant, ...(actor ? { actor } : {}) })
    const issuedAt = new Date('2026-03-04T05:06:07.891Z')

    test('creates with what its caller leaves out, and finds it as it was returned', async () => {
      const created = await projects('ada').create({
        name: 'Bridge',
        budget: 5_000,
        labels: ['steel', { by: "o'neil" }],
      })
      expect(created).toMatchObject({
        id: expect.stringMatching(/^\w{26}$/),
        organizationId: tenant,
        name: 'Bridge',
        status: 'open',
        priority: null,
        budget: 5_000,
        labels: ['steel', { by: "o'neil" }],
        version: 1,
        removedAt: null,
        createdAt: expect.any(Date),
        createdBy: 'ada',
        updatedAt: created.createdAt,
        updatedBy: 'ada',
      })
      expect(await projects().find(created.id)).toEqual(created)
      expect(await projects().get(created.id)).toEqual(created)
      expect((await projects().create({ id: `own-${tenant}`, name: 'Given' })).id).toBe(`own-${tenant}`)
    })

    test('keeps decimals and times as they are', async () => {
      const invoices = domain.invoices({ tenant })
      const { id } = await invoices.create({ number: '2026-1', amount: '123456789012.30', issuedAt })
      expect(await invoices.get(id)).toEqual({
        id,
        organizationId: tenant,
        number: '2026-1',
        amount: '123456789012.30',
        paid: false,
        issuedAt,
      } satisfies Invoice)
    })

    test('what is not there is not found', async () => {
      expect(await projects().find('none')).toBeUndefined()
      for (const call of [
        () => projects().get('none'),
        () => projects().update('none', { name: 'x' }),
        () => projects().remove('none'),
        () => projects().restore('none'),
        () => projects().erase('none'),
        () => projects().update('none', { name: 'x' }, { version: 1 }),
      ])
        await expect(call()).rejects.toMatchObject({ code: 'REPOSITORY_NOT_FOUND' })
    })

    test('finds many in the order of their ids', async () => {
      const [a, b] = [await projects().create({ name: 'a' }), await projects().create({ name: 'b' })]
      expect(await projects().findMany([b.id, 'none', a.id, b.id])).toEqual([b, a, b])
      expect(await projects().findMany([])).toEqual([])
    })

    test('a change raises the version and says who made it', async () => {
      const { id, createdAt } = await projects('ada').create({ name: 'Bridge' })
      const changed = await projects('grace').update(id, { status: 'done', priority: 3 })
      expect(changed).toMatchObject({ name: 'Bridge', status: 'done', priority: 3, version: 2 })
      expect(changed).toMatchObject({ createdAt, createdBy: 'ada', updatedBy: 'grace' })
      expect(changed.updatedAt.getTime()).toBeGreaterThanOrEqual(createdAt.getTime())
      expect(await projects().update(id, { priority: null })).toMatchObject({
        priority: null,
        version: 3,
        updatedBy: null,
      })
    })

    test('of two who read the same version only one changes it', async () => {
      const { id } = await projects().create({ name: 'Bridge' })
      const results = await Promise.allSettled(['a', 'b'].map(name => projects().update(id, { name }, { version: 1 })))
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      const failed = results.filter(result => result.status === 'rejected')
      expect(failed).toMatchObject([{ reason: { code: 'REPOSITORY_VERSION', nextStep: expect.any(String) } }])
      expect((await projects().get(id)).version).toBe(2)
      await expect(projects().remove(id, { version: 1 })).rejects.toMatchObject({ code: 'REPOSITORY_VERSION' })
      await projects().remove(id, { version: 2 })
      expect(await projects().find(id)).toBeUndefined()
    })

    test('changes that come at once without a version are all made', async () => {
      const { id } = await projects().create({ name: 'Bridge' })
      await Promise.all([1, 2, 3].map(priority => projects().update(id, { priority })))
      expect((await projects().get(id)).version).toBe(4)
    })

    test('a soft removal hides it from everything but what asks for it, and can be taken back', async () => {
      const { id } = await projects().create({ name: 'Bridge' })
      await projects('ada').remove(id)
      expect(await projects().find(id)).toBeUndefined()
      expect(await projects().findMany([id])).toEqual([])
      expect((await projects().list()).items).toEqual([])
      expect(await projects().count()).toBe(0)
      for (const call of [() => projects().update(id, { name: 'x' }), () => projects().remove(id)])
        await expect(call()).rejects.toMatchObject({ code: 'REPOSITORY_NOT_FOUND' })
      expect(await projects().updateMany('all', { name: 'x' })).toBe(0)
      expect(await projects().find(id, { removed: 'with' })).toMatchObject({
        removedAt: expect.any(Date),
        updatedBy: 'ada',
        version: 2,
        name: 'Bridge',
      })
      expect(await projects().count({}, { removed: 'only' })).toBe(1)
      expect((await projects().list({ removed: 'only', total: true })).total).toBe(1)
      expect(await projects('grace').restore(id)).toMatchObject({ removedAt: null, updatedBy: 'grace', version: 3 })
      await expect(projects().restore(id)).rejects.toMatchObject({ code: 'REPOSITORY_NOT_FOUND' })
      expect(await projects().get(id)).toMatchObject({ removedAt: null })
    })

    test('what is erased is gone, removed before or not', async () => {
      const [kept, removed] = [await projects().create({ name: 'a' }), await projects().create({ name: 'b' })]
      await projects().remove(removed.id)
      for (const { id } of [kept, removed]) await projects().erase(id)
      expect(await projects().count({}, { removed: 'with' })).toBe(0)
    })

    test('an entity without soft removal is deleted, and cannot be restored', async () => {
      const people = domain.people({ tenant })
      const { id } = await people.create({ email: 'ada@example.com' })
      expect(id).toEqual(expect.any(Number))
      await people.remove(id)
      expect(await people.find(id)).toBeUndefined()
      await expect(people.restore(id)).rejects.toMatchObject({ code: 'REPOSITORY_UNSUPPORTED' })
      await expect(people.update(id, { name: 'x' }, { version: 1 })).rejects.toMatchObject({
        code: 'REPOSITORY_UNSUPPORTED',
      })
    })

    test('an entity without tenants needs none', async () => {
      const currency = newId()
      await domain.rates({}).create({ currency, rate: '1.0825' })
      expect(await domain.rates({}).get(currency)).toEqual({ currency, rate: '1.0825' })
      expect(await domain.rates({}).upsert({ currency, rate: '1.1' })).toEqual({ currency, rate: '1.1' })
    })

    test('an upsert creates or changes by unique fields, and brings back what was removed', async () => {
      const invoices = domain.invoices({ tenant })
      const first = await invoices.upsert({ number: '7', amount: '10.00', issuedAt }, { by: ['number'] })
      const again = await invoices.upsert({ number: '7', amount: '12.00', issuedAt }, { by: ['number'] })
      expect(again).toEqual({ ...first, amount: '12.00' })
      const { id } = await projects('ada').create({ name: 'Bridge' })
      await projects().remove(id)
      expect(await projects('grace').upsert({ id, name: 'Tunnel' })).toMatchObject({
        id,
        name: 'Tunnel',
        removedAt: null,
        version: 3,
        createdBy: 'ada',
        updatedBy: 'grace',
      })
      expect(await projects('ada').upsert({ name: 'New' })).toMatchObject({ version: 1, createdBy: 'ada' })
      await expect(projects().upsert({ name: 'x' }, { by: ['version'] })).rejects.toMatchObject({
        code: 'REPOSITORY_VALUE',
      })
    })

    test('errors of the database say what is wrong, and change nothing', async () => {
      const people = domain.people({ tenant })
      const { id } = await people.create({ email: 'ada@example.com' })
      await expect(people.create({ email: 'ada@example.com' })).rejects.toMatchObject({
        code: 'REPOSITORY_CONFLICT',
        retryable: false,
        constraint: 'person_organization_id_email_key',
      })
      await expect(people.update(id, { email: null as unknown as string })).rejects.toMatchObject({
        code: 'REPOSITORY_VALUE',
      })
      await expect(projects().create({ name: 'x'.repeat(81) })).rejects.toMatchObject({ code: 'REPOSITORY_VALUE' })
      expect(await people.count()).toBe(1)
    })

    test.each([
      ['the tenant', { organizationId: 'other' }],
      ['the version', { version: 9 }],
      ['the time of removal', { removedAt: new Date() }],
      ['who created it', { createdBy: 'someone' }],
      ['a field that is not there', { isAdmin: true }],
      ['a column by its name', { organization_id: 'other' }],
    ])('%s is not for the caller to set', async (_what, value) => {
      const { id } = await projects().create({ name: 'Bridge' })
      const given = { name: 'x', ...value }
      for (const call of [
        () => projects().create(given),
        () => projects().createMany([given]),
        () => projects().upsert(given),
        () => projects().upsertMany([given]),
        () => projects().update(id, given),
        () => projects().updateMany('all', given),
      ])
        await expect(call()).rejects.toMatchObject({ code: 'REPOSITORY_VALUE' })
      await expect(projects().update(id, { id: 'other' })).rejects.toMatchObject({ code: 'REPOSITORY_VALUE' })
      expect(await projects().list()).toMatchObject({ items: [{ id, name: 'Bridge', version: 1 }] })
    })

    const parts = { domain: () => domain, tenant: () => tenant }
    repositoryListContract(parts)
    repositoryBulkContract(parts)
    repositoryTenancyContract(parts)
  })
}
