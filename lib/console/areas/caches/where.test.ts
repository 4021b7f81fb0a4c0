import { expect, test } from 'vitest'
import { exactTarget, type InvalidationTarget } from '../../../infrastructure/cache/index.ts'
import { aboutWhere, asMeant, Where } from './where.ts'

test.each<[InvalidationTarget, string]>([
  [{ by: 'entity', type: 'product', id: '42' }, 'product 42'],
  [{ by: 'entity', type: 'order line', id: 'a:b/c' }, 'order line a:b/c'],
  [{ by: 'workspace', id: 'acme: north' }, 'the workspace acme: north'],
  [{ by: 'user', id: 'ada@example.test' }, 'the user ada@example.test'],
])('%j is a tag in Redis, and is said as what it stands for', (where, words) => {
  const exact = exactTarget(where)
  expect(exact.by).toBe('tag')
  expect(asMeant(exact)).toEqual(where)
  expect(aboutWhere(asMeant(exact))).toBe(words)
})

test.each<[InvalidationTarget, string]>([
  [{ by: 'key', key: 'a' }, 'the key a'],
  [{ by: 'pattern', pattern: 'a*' }, 'a*'],
  [{ by: 'tag', tag: 'spring' }, 'the tag spring'],
  [{ by: 'tag', tag: '@entity:broken' }, 'the tag @entity:broken'],
  [{ by: 'all' }, 'everything'],
])('%j is said as it is', (where, words) => {
  expect(asMeant(where)).toEqual(where)
  expect(aboutWhere(where)).toBe(words)
})

test('a reserved tag that cannot be decoded is shown as it is', () => {
  expect(asMeant({ by: 'tag', tag: '@user:%E0%A4%A' })).toEqual({ by: 'user', id: '%E0%A4%A' })
})

test.each([
  [{ by: 'entity', type: '', id: '1' }],
  [{ by: 'entity', type: 'product' }],
  [{ by: 'user', id: '' }],
  [{ by: 'workspace' }],
  [{ by: 'nothing' }],
])('%j says nothing', where => {
  expect(Where.safeParse(where).success).toBe(false)
})
