import { expect, test } from 'vitest'
import { returnPath } from './return-path'

test('a path of ours is gone back to, with its filters', () => {
  expect(returnPath('/production/breakers?breaker=payments%20api&at=1')).toBe(
    '/production/breakers?breaker=payments%20api&at=1',
  )
})

for (const hostile of [
  'https://elsewhere.test/',
  '//elsewhere.test/',
  '/\\elsewhere.test/',
  '\\\\elsewhere.test',
  '/\t/elsewhere.test',
  '/\n/elsewhere.test',
  '/audit\\..\\..',
  'javascript:alert(1)',
  `/${'a'.repeat(2_000)}`,
  '',
  undefined,
])
  test(`${JSON.stringify(hostile)?.slice(0, 40)} leads to the front page`, () => {
    expect(returnPath(hostile)).toBe('/')
  })
