import { type AttentionItem, BANDS, type Band } from './item.ts'

const ORDER = Object.keys(BANDS) as Band[]
/** Age (ms) at which an item weighs half of one that began just now. */
const HALF_FRESH = 30 * 60_000
/** The share of an item whose share is not known. */
const MIDDLE = 0.5

/**
 * The most severe band first; within a band what affects more and what is fresher: `share + 1 / (1 + age / 30 min)`, in tenths.
 * Where that is equal the older comes first, because a cause is older than its effects.
 */
export function byRank(now: number): (a: AttentionItem, b: AttentionItem) => number {
  return (a, b) =>
    ORDER.indexOf(a.band) - ORDER.indexOf(b.band) ||
    effectOf(b, now) - effectOf(a, now) ||
    (a.since ?? now) - (b.since ?? now)
}

function effectOf({ share = MIDDLE, since }: AttentionItem, now: number): number {
  const fresh = since === undefined ? MIDDLE : 1 / (1 + Math.max(0, now - since) / HALF_FRESH)
  return Math.round(10 * (share + fresh))
}
