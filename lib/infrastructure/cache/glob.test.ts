import fc from 'fast-check'
import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { escapeGlob } from '../../core/escape-glob.ts'
import { newId } from '../../core/ids.ts'
import { redisUrl } from '../testing/servers.ts'
import { globMatcher } from './glob.ts'

const signs = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '*', '?', '[', ']', '^', '-', '\\'), maxLength: 8 })

test('matches what Redis matches, on any pattern', async () => {
  const redis = new Redis(redisUrl())
  const prefix = `glob-${newId()}:`
  const keys = fc.sample(signs, 60)
  await redis.mset(keys.flatMap(key => [prefix + key, '1']))
  for (const pattern of fc.sample(signs, 400)) {
    const theirs = new Set(await redis.keys(prefix + pattern))
    const matches = globMatcher(pattern)
    const ours = new Set(keys.filter(matches).map(key => prefix + key))
    expect(ours, `pattern ${JSON.stringify(pattern)}`).toEqual(theirs)
  }
  await redis.del(keys.map(key => prefix + key))
  redis.disconnect()
})

test('counts bytes, as Redis does', () => {
  expect(globMatcher('caf??')('café')).toBe(true)
  expect(globMatcher('caf?')('café')).toBe(false)
  expect(globMatcher('*é')('café')).toBe(true)
})

test('an escaped text matches itself only', () => {
  fc.assert(fc.property(signs, signs, (text, other) => globMatcher(escapeGlob(text))(other) === (text === other)))
})

test('a hostile pattern, which would take for ever with backtracking, is matched', () => {
  expect(globMatcher(`${'*a'.repeat(200)}b`)('a'.repeat(5_000))).toBe(false)
})
