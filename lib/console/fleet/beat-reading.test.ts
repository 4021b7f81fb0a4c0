import { expect, test } from 'vitest'
import type { Beat } from '../../infrastructure/fleet/index.ts'
import { BeatReading } from './beat-reading.ts'

const beat = (changes: Partial<Beat> = {}): Beat => ({
  v: 1,
  id: '01M7Z10AZT06AJ4795NYH6AX8F',
  seq: 1,
  vitals: { cpu: 0.1, rss: 1_000, heap: 1, heapLimit: 2, lag: 0, uptime: 1 },
  rev: { breakers: 3, 'a "odd" one,"skew":9}': 1 },
  skew: -2,
  ...changes,
})
const write = (changes?: Partial<Beat>) => JSON.stringify(beat(changes))

/** What a reading shows after another one of the same process. */
function after(first: string, raw: string) {
  const { beat: read, stable, skew } = new BeatReading(raw, new BeatReading(first, undefined))
  return { beat: read, rev: stable.rev, unsupported: stable.unsupported, skew }
}

test.each<[string, Partial<Beat>]>([
  ['nothing but the count and the vitals', { seq: 2, vitals: { ...beat().vitals, rss: 7 } }],
  ['the skew', { seq: 2, skew: 1_204.5 }],
  ['a revision', { seq: 2, rev: { breakers: 4 } }],
  ['events dropped', { seq: 2, dropped: 12 }],
  ['the skew goes', { seq: 2, skew: undefined }],
])('reads the same after another beat as alone: %s', (_, changes) => {
  const expected = beat(changes)
  expect(after(write(), write(changes))).toEqual({
    beat: expected,
    rev: expected.rev,
    unsupported: undefined,
    skew: expected.skew,
  })
})

test('text in another layout than that of the library is read just as well', () => {
  const { v, id, seq, vitals, rev, skew } = beat({ seq: 2, rev: { breakers: 9 } })
  const spaced = JSON.stringify(beat(), null, 2)
  expect(after(spaced, JSON.stringify({ skew, rev, vitals, seq, id, v }, null, 2))).toMatchObject({ rev, skew })
})

test('a beat that stops being one, and one of a newer protocol', () => {
  expect(after(write(), '{"v":1')).toEqual({ beat: undefined, rev: {}, unsupported: 2, skew: undefined })
  expect(new BeatReading(write({ v: 9 }), undefined).stable).toEqual({ unsupported: 9, rev: {} })
  expect(new BeatReading(write({ v: 9 }), undefined).beat).toBeUndefined()
})
