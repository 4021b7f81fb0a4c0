import type { StatementCounts, StatementIncrease, StatementSnapshot } from './port.ts'

/** What happened between two snapshots. */
export interface StatementIncreases {
  /** ms since the epoch. */
  from: number
  until: number
  /** Those that were called in between, the most time first. */
  increases: readonly StatementIncrease[]
  /** Entries were dropped or reset in between: calls that they counted before that are missing. */
  incomplete?: 'reset' | 'evicted'
}

/**
 * The increase of every statement. A count that fell is a new beginning (the entry was dropped and came back, or the counts were reset), so
 * that all of it is new. A statement that the first snapshot lacks began after it.
 */
export function statementIncreases(before: StatementSnapshot, after: StatementSnapshot): StatementIncreases {
  const known = new Map(before.statements.map(entry => [entry.id, entry]))
  const reset = after.resetAt !== undefined && after.resetAt > (before.resetAt ?? 0) && after.resetAt > before.at
  const evicted = (after.evictions ?? 0) > (before.evictions ?? 0)
  const increases = after.statements.flatMap(entry => {
    const prior = known.get(entry.id)
    const increase = increaseOf(entry, reset || !prior || isNew(prior, entry) ? undefined : prior)
    return increase.calls > 0 ? [increase] : []
  })
  return {
    from: before.at,
    until: after.at,
    increases: increases.sort((a, b) => b.ms - a.ms),
    ...(reset ? { incomplete: 'reset' as const } : evicted ? { incomplete: 'evicted' as const } : {}),
  }
}

/** Some counts fall alone only by an entry that began again with more calls of another kind. */
const isNew = (prior: StatementCounts, entry: StatementCounts) =>
  entry.calls < prior.calls || entry.totalMs < prior.totalMs || entry.rows < prior.rows

function increaseOf(entry: StatementCounts, prior?: StatementCounts): StatementIncrease {
  const since = (count: 'calls' | 'rows' | 'hitBlocks' | 'readBlocks' | 'tempBlocks' | 'walBytes' | 'totalMs') =>
    Math.max(0, entry[count] - (prior?.[count] ?? 0))
  return {
    id: entry.id,
    calls: since('calls'),
    ms: since('totalMs'),
    rows: since('rows'),
    hitBlocks: since('hitBlocks'),
    readBlocks: since('readBlocks'),
    tempBlocks: since('tempBlocks'),
    walBytes: since('walBytes'),
  }
}
