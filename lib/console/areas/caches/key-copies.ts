import type { PeekedCopy } from '../../../infrastructure/cache/index.ts'

/** Entries written by the same act differ by less than this in age, since each process has its own clock (ms). */
const SAME_AGE_WITHIN = 50

/**
 * A copy in memory beside the entry in Redis. `same`: the same value; `older`, `newer`: written before or after it; `different`: another
 * value of the same age; `only-here`: Redis has none; `unchecked`: what Redis has is not known; `absent`: memory has none.
 */
export type CopyVerdict = 'same' | 'older' | 'newer' | 'different' | 'only-here' | 'unchecked' | 'absent'

/** What of a copy decides. */
export type Compared = Pick<PeekedCopy, 'epoch' | 'ageMs' | 'digest' | 'schema'>

/** `shared`: the entry in Redis, undefined when there is none, 'unknown' when Redis could not be asked or is not used. */
export function verdictOf(copy: Compared | undefined, shared: Compared | undefined | 'unknown'): CopyVerdict {
  if (copy === undefined) return 'absent'
  if (shared === 'unknown') return 'unchecked'
  if (shared === undefined) return 'only-here'
  if (copy.digest !== undefined && copy.digest === shared.digest) return 'same'
  const sameWrite = copy.epoch === shared.epoch && Math.abs(copy.ageMs - shared.ageMs) <= SAME_AGE_WITHIN
  if (sameWrite) {
    // What a schema makes of a stored value need not equal it, and without digests only the write can be compared.
    const comparable = copy.digest !== undefined && shared.digest !== undefined && copy.schema === undefined
    return comparable ? 'different' : 'same'
  }
  if (copy.epoch !== shared.epoch) return copy.epoch < shared.epoch ? 'older' : 'newer'
  return copy.ageMs > shared.ageMs ? 'older' : 'newer'
}

/** Copies with the same value get the same letter, the most frequent value first; a value without a digest gets none. */
export function lettersOf(digests: readonly (string | undefined)[]): (string | undefined)[] {
  const counts = Map.groupBy(
    digests.filter(digest => digest !== undefined),
    digest => digest,
  )
  const ordered = [...counts].sort(([, a], [, b]) => b.length - a.length).map(([digest]) => digest)
  return digests.map(digest =>
    digest === undefined ? undefined : String.fromCodePoint(65 + Math.min(25, ordered.indexOf(digest))),
  )
}
