import { expect, test } from 'vitest'
import { originWords } from './origin-load.ts'

test('says how many lookups go to the origin, and until when', () => {
  expect(originWords(0.9, 100, { isPart: false })).toBe(
    'It answers 90.0 % of lookups. Until it has filled again, about 90 lookups a second more than now go to the origin.',
  )
  expect(originWords(0.5, 0.1, { isPart: true, until: 'it is switched on' })).toBe(
    'It answers 50.0 % of lookups. Until it is switched on, up to 3 lookups a minute more than now go to the origin.',
  )
  expect(originWords(0.5, undefined, { isPart: false })).toBe(
    'It answers 50.0 % of lookups. Until it has filled again, those go to the origin.',
  )
})
