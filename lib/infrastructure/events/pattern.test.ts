import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyOf, matcherOf } from './pattern.ts'

test.each([
  ['order.paid', 'order.paid', true],
  ['order.paid', 'order.paid.late', false],
  ['order.*', 'order.paid', true],
  ['order.*', 'order', false],
  ['order.*', 'order.item.added', false],
  ['order.**', 'order', true],
  ['order.**', 'order.item.added', true],
  ['**', 'anything.at.all', true],
  ['**.failed', 'payment.card.failed', true],
  ['**.failed', 'failed', true],
  ['*.paid', 'order.paid', true],
  ['*.paid', 'paid', false],
])('%s matches %s: %s', (pattern, type, expected) => {
  expect(matcherOf(pattern)(type)).toBe(expected)
})

test.each(['', 'Order', 'order.', '.paid', 'order..paid', 'order.***', 'a b'])('%j is refused', pattern => {
  expect(() => matcherOf(pattern)).toThrow(/is not a pattern/)
})

const part = fc.stringMatching(/^[a-z0-9_-]{1,6}$/)
const type = fc.array(part, { minLength: 1, maxLength: 5 }).map(parts => parts.join('.'))

test('a type matches itself, ** and any pattern with one of its parts replaced by *', () => {
  fc.assert(
    fc.property(type, fc.nat(), (name, at) => {
      const parts = name.split('.')
      const starred = parts.with(at % parts.length, '*').join('.')
      expect(matcherOf(name)(name)).toBe(true)
      expect(anyOf(['no.such', '**'])(name)).toBe(true)
      expect(matcherOf(starred)(name)).toBe(true)
      expect(matcherOf(`${name}.*`)(name)).toBe(false)
    }),
  )
})
