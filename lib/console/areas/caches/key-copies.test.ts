import { expect, test } from 'vitest'
import { type Compared, lettersOf, verdictOf } from './key-copies.ts'

const entry = (rest: Partial<Compared> = {}): Compared => ({ epoch: 5, ageMs: 1_000, digest: 'x', ...rest })

test.each<[string, Compared | undefined, Compared | undefined | 'unknown', string]>([
  ['the same value, however old', entry({ ageMs: 90_000, epoch: 2 }), entry(), 'same'],
  ['another value from before an invalidation', entry({ digest: 'y', epoch: 4 }), entry(), 'older'],
  ['another value from after it', entry({ digest: 'y', epoch: 6 }), entry(), 'newer'],
  ['another value that was made earlier', entry({ digest: 'y', ageMs: 5_000 }), entry(), 'older'],
  ['another value that was made later', entry({ digest: 'y', ageMs: 10 }), entry(), 'newer'],
  ['another value of the same write', entry({ digest: 'y' }), entry(), 'different'],
  ['a value that a schema turned into another', entry({ digest: 'y', schema: '1' }), entry(), 'same'],
  ['the same write without digests', entry({ digest: undefined, ageMs: 1_040 }), entry({ digest: undefined }), 'same'],
  ['an older write without digests', entry({ digest: undefined, ageMs: 1_100 }), entry({ digest: undefined }), 'older'],
  ['a copy of what Redis no longer has', entry(), undefined, 'only-here'],
  ['a copy, Redis down', entry(), 'unknown', 'unchecked'],
  ['no copy', undefined, entry(), 'absent'],
  ['no copy, Redis down', undefined, 'unknown', 'absent'],
])('%s', (_, copy, shared, verdict) => {
  expect(verdictOf(copy, shared)).toBe(verdict)
})

test('equal values get one letter, the most frequent the first; without a digest there is none', () => {
  expect(lettersOf(['b', 'a', undefined, 'a'])).toEqual(['B', 'A', undefined, 'A'])
})
