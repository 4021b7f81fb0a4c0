import { beforeEach, describe, expect, test } from 'vitest'
import type { Filter, ListOptions } from './port.ts'
import { idsOf, type Project, type SampleDomain } from './sample-domain.contract.ts'

interface Parts {
  domain(): SampleDomain
  tenant(): string
}

/** Pages, filters and sorts, also those that come from outside. */
export function repositoryListContract({ domain, tenant }: Parts): void {
  describe('lists', () => {
    const projects = () => domain().projects({ tenant: tenant() })
    const named = (where: Filter<Project>) =>
      projects()
        .list({ where, sort: ['name'] })
        .then(({ items }) => items.map(({ name }) => name).join(''))
    beforeEach(async () => {
      await projects().createMany([
        { name: 'a', status: 'open', priority: 1, budget: 100 },
        { name: 'b', status: 'open', priority: 2 },
        { name: 'c', status: 'done', budget: 300 },
        { name: 'd', status: '50%_off\\', priority: 2 },
        { name: 'e', status: 'it\'s "(quoted)", {so}: *', priority: 1 },
        { name: 'f', status: 'Offer', budget: 100 },
      ])
      await domain().sql(`update project set created_at = '2026-01-01Z' where organization_id = '${tenant()}'`)
    })

    test.each<[Filter<Project>, string]>([
      [{}, 'abcdef'],
      [{ status: 'open' }, 'ab'],
      [{ status: { ne: 'open' } }, 'cdef'],
      [{ priority: null }, 'cf'],
      [{ priority: { isNull: true } }, 'cf'],
      [{ priority: { isNull: false } }, 'abde'],
      [{ priority: { gt: 1 } }, 'bd'],
      [{ priority: { gte: 1, lt: 2 } }, 'ae'],
      [{ budget: { lte: 100 } }, 'af'],
      [{ name: { in: ['a', 'c', 'x'] } }, 'ac'],
      [{ name: { in: [] } }, ''],
      [{ name: { notIn: ['a', 'b'] } }, 'cdef'],
      [{ name: { notIn: [] } }, 'abcdef'],
      [{ priority: { in: [2] }, status: 'open' }, 'b'],
      [{ status: { contains: 'off' } }, 'df'],
      [{ status: { contains: '%' } }, 'd'],
      [{ status: { contains: '_off\\' } }, 'd'],
      [{ status: { contains: '*' } }, 'e'],
      [{ status: { startsWith: 'Off' } }, 'f'],
      [{ status: { startsWith: 'off' } }, ''],
      [{ status: { startsWith: '50%_' } }, 'd'],
      [{ status: 'it\'s "(quoted)", {so}: *' }, 'e'],
      [{ status: { in: ['it\'s "(quoted)", {so}: *', '50%_off\\'] } }, 'de'],
      [{ or: [{ status: 'done' }, { priority: 2, status: 'open' }] }, 'bc'],
      [{ or: [{ status: 'it\'s "(quoted)", {so}: *' }, { status: '50%_off\\' }, { name: { in: ['a', ','] } }] }, 'ade'],
      [
        { or: [{ priority: null }, { or: [{ name: 'a' }, { name: { contains: 'B' } }] }], budget: { isNull: false } },
        'acf',
      ],
      [
        { or: [{ name: { notIn: ['a', 'b', 'c'] }, priority: { isNull: false } }, { name: { startsWith: 'c' } }] },
        'cde',
      ],
      [{ createdAt: { lte: new Date('2100-01-01') }, version: 1 }, 'abcdef'],
      [{ createdAt: { lt: new Date('2000-01-01') } }, ''],
    ])('%j', async (where, expected) => {
      expect(await named(where)).toBe(expected)
      expect(await projects().count(where)).toBe(expected.length)
    })

    test.each<[ListOptions<Project>, string]>([
      [{ sort: ['-name'] }, 'fedcba'],
      [{ sort: ['priority', 'name'] }, 'aebdcf'],
      [{ sort: ['-priority', 'name'] }, 'bdaecf'],
      [{ sort: ['-priority', '-name'] }, 'dbeafc'],
      [{ sort: ['-createdAt', 'name'] }, 'abcdef'],
    ])('%j, whole and in pages of any size', async (options, expected) => {
      const names = (items: readonly Project[]) => items.map(({ name }) => name).join('')
      expect(names((await projects().list(options)).items)).toBe(expected)
      for (const limit of [1, 2, 4]) {
        let read = ''
        for await (const { name } of projects().each({ ...options, limit })) read += name
        expect(read).toBe(expected)
        expect(names((await projects().list({ ...options, limit, offset: 1 })).items)).toBe(
          expected.slice(1, limit + 1),
        )
      }
    })

    test('a page says where the next begins, and the total when it is asked for', async () => {
      const where: Filter<Project> = { priority: { isNull: false } }
      const first = await projects().list({ where, limit: 3, total: true })
      expect(first).toMatchObject({ total: 4, next: expect.any(String) })
      const last = await projects().list({ where, limit: 3, ...(first.next ? { after: first.next } : {}), total: true })
      expect(last.items).toHaveLength(1)
      expect(last).toMatchObject({ total: 4 })
      expect(last).not.toHaveProperty('next')
      expect(new Set(idsOf([...first.items, ...last.items])).size).toBe(4)
      expect(await projects().list({ where })).not.toHaveProperty('total')
    })

    test('rows that differ by a microsecond are neither skipped nor repeated', async () => {
      await domain().sql(
        `update project set created_at = '2026-01-01T00:00:00.123Z'::timestamptz + (ascii(name) * interval '1 microsecond') where organization_id = '${tenant()}'`,
      )
      let read = ''
      for await (const { name } of projects().each({ sort: ['-createdAt'], limit: 1 })) read += name
      expect(read).toBe('fedcba')
    })

    const cursor = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const drop = "'; drop table project; --"
    test.each<[string, object]>([
      ['a field', { where: { [`name${drop}`]: 1 } }],
      ['a field of the prototype', { where: { constructor: 'x' } }],
      ['a field that is not listed', { where: { labels: 'x' } }],
      ['a column', { where: { organization_id: 'x' } }],
      ['the tenant', { where: { organizationId: 'x' } }],
      ['a comparison', { where: { name: { [`eq${drop}`]: 1 } } }],
      ['an inherited comparison', { where: { name: { toString: 1 } } }],
      ['an object as a value', { where: { name: { eq: { sql: drop } } } }],
      ['a list as a value', { where: { name: ['a'] } }],
      ['text as a number', { where: { priority: `1 or 1=1` } }],
      ['text as a time', { where: { createdAt: drop } }],
      ['NUL', { where: { name: 'a\0' } }],
      ['NUL in a pattern', { where: { name: { contains: 'a\0' } } }],
      ['an empty pattern', { where: { name: { startsWith: '' } } }],
      ['no pattern', { where: { name: { contains: 1 } } }],
      ['a list that is none', { where: { name: { in: 'a' } } }],
      ['isNull of no boolean', { where: { name: { isNull: 'x' } } }],
      ['no value', { where: { name: undefined } }],
      ['no comparison', { where: { name: {} } }],
      ['no filter', { where: [] }],
      ['text as a filter', { where: drop }],
      ['an or that is no list', { where: { or: { name: 'a' } } }],
      ['an empty or', { where: { or: [] } }],
      ['an or with everything in it', { where: { or: [{}] } }],
      ['too deep', { where: { or: [{ or: [{ or: [{ or: [{ or: [{ name: 'a' }] }] }] }] }] } }],
      ['a sort', { sort: [`name${drop}`] }],
      ['a sort with a direction', { sort: ['name desc'] }],
      ['a sort that is not listed', { sort: ['status'] }],
      ['a sort that is no text', { sort: [{ name: 1 }] }],
      ['a sort that is no list', { sort: 'name' }],
      ['a long sort', { sort: ['name', 'name', 'name', 'name', 'name', 'name'] }],
      ['a limit', { limit: `1${drop}` }],
      ['a limit of 0', { limit: 0 }],
      ['a great limit', { limit: 501 }],
      ['an offset', { offset: -1 }],
      ['an offset that is text', { offset: '1' }],
      ['both', { offset: 1, after: 'x' }],
      ['a cursor', { after: drop }],
      ['a cursor that is no text', { after: 5 }],
      ['a cursor of another list', { sort: ['name'], after: cursor(['-createdAt,id', ['2026-01-01', 'x']]) }],
      ['a cursor with too little', { sort: ['name'], after: cursor(['name,id', ['x']]) }],
      ['a cursor with an object', { sort: ['name'], after: cursor(['name,id', [{ a: 1 }, 'x']]) }],
      ['a cursor with NUL', { sort: ['name'], after: cursor(['name,id', ['a\0', 'x']]) }],
    ])('%s is refused before it reaches the database', async (_what, options) => {
      await expect(projects().list(options as ListOptions<Project>)).rejects.toMatchObject({ code: 'REPOSITORY_QUERY' })
    })

    test.each([drop, '1 or 1=1', '") or true --', '%27', 'a,b).or(id.neq.0', 'eq.open', '*', '\\', '"', '$1'])(
      '%j is nothing but a value',
      async value => {
        const made = await projects().create({ name: value, status: value })
        const wheres: Filter<Project>[] = [
          { name: value },
          { name: { in: [value] } },
          { name: { gte: value, lte: value } },
          { status: { startsWith: value }, name: { contains: value } },
          { or: [{ name: value }, { status: { in: ['none', value] } }] },
          { or: [{ name: { contains: value }, status: { startsWith: value } }] },
        ]
        for (const where of wheres) expect(idsOf((await projects().list({ where })).items)).toContain(made.id)
        expect(idsOf((await projects().list({ where: { name: value, id: { ne: made.id } } })).items)).toEqual([])
        expect(await projects().find(value)).toBeUndefined()
        expect(await projects().findMany([value, made.id])).toEqual([made])
        const from = cursor(['name,id', [value, '']])
        expect(idsOf((await projects().list({ sort: ['name'], after: from, limit: 1 })).items)).toEqual([made.id])
        await projects().erase(made.id)
        expect(await projects().count()).toBe(6)
      },
    )

    test('a cursor that is not of its type is refused', async () => {
      const after = cursor(['-createdAt,id', ['no time', 'x']])
      await expect(projects().list({ after })).rejects.toMatchObject({ code: expect.stringMatching(/QUERY|VALUE/) })
    })
  })
}
