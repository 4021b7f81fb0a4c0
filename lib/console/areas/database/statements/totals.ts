import type { StatementIncrease, StatementSnapshot } from '../../../../infrastructure/insight/index.ts'

/** The counts of one statement text, over all accounts. What runs inside functions is left out: its time is part of the caller's. */
export interface StatementTotals {
  /** pg_stat_statements' queryid. */
  query: string
  accounts: string[]
  calls: number
  totalMs: number
  /** Of the calls of all accounts: the spread of a mean, not a percentile. */
  deviationMs: number
  maxMs: number
  rows: number
  hitBlocks: number
  readBlocks: number
  tempBlocks: number
}

export function statementTotals({ statements }: StatementSnapshot): StatementTotals[] {
  const outer = statements.filter(({ topLevel }) => topLevel)
  return [...Map.groupBy(outer, ({ queryId }) => queryId)].map(([query, entries]) => {
    const sum = (count: 'calls' | 'totalMs' | 'rows' | 'hitBlocks' | 'readBlocks' | 'tempBlocks') =>
      entries.reduce((total, entry) => total + entry[count], 0)
    const calls = sum('calls')
    const mean = calls === 0 ? 0 : sum('totalMs') / calls
    // The variance of a whole is that of its parts about the mean of the whole.
    const variance = entries.reduce(
      (total, entry) => total + entry.calls * (entry.deviationMs ** 2 + (entry.meanMs - mean) ** 2),
      0,
    )
    return {
      query,
      accounts: [...new Set(entries.map(({ account }) => account))].sort(),
      calls,
      totalMs: sum('totalMs'),
      deviationMs: calls === 0 ? 0 : Math.sqrt(variance / calls),
      maxMs: Math.max(...entries.map(({ maxMs }) => maxMs)),
      rows: sum('rows'),
      hitBlocks: sum('hitBlocks'),
      readBlocks: sum('readBlocks'),
      tempBlocks: sum('tempBlocks'),
    }
  })
}

/** Calls, time (ms) and rows of each text between two snapshots. */
export function increasesByQuery(
  increases: readonly StatementIncrease[],
  snapshot: StatementSnapshot,
): Map<string, { calls: number; ms: number; rows: number }> {
  const queryOf = new Map(snapshot.statements.flatMap(({ id, queryId, topLevel }) => (topLevel ? [[id, queryId]] : [])))
  const found = new Map<string, { calls: number; ms: number; rows: number }>()
  for (const { id, calls, ms, rows } of increases) {
    const query = queryOf.get(id)
    if (query === undefined) continue
    const sum = found.get(query) ?? { calls: 0, ms: 0, rows: 0 }
    found.set(query, { calls: sum.calls + calls, ms: sum.ms + ms, rows: sum.rows + rows })
  }
  return found
}
