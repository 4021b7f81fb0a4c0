/** The counts of one statement since `since`, as pg_stat_statements keeps them. Times in ms. */
export interface StatementCounts {
  /** The statement: of one account, in one database, at the top level or inside a function. Digits of a 64-bit number and what tells it apart. */
  id: string
  queryId: string
  account: string
  topLevel: boolean
  calls: number
  totalMs: number
  meanMs: number
  /** Of the time of a call. pg_stat_statements knows no percentiles: this and the largest are all it says of the spread. */
  deviationMs: number
  maxMs: number
  rows: number
  /** Blocks found in shared buffers, and read from the disk or the file cache. */
  hitBlocks: number
  readBlocks: number
  tempBlocks: number
  walBytes: number
}

export interface StatementSnapshot {
  /** ms since the epoch, by the server. */
  at: number
  /** When the counts were last reset; absent before Postgres 14. */
  resetAt?: number
  /** How often entries were dropped because there were too many; absent before Postgres 14. */
  evictions?: number
  /** How many statements are kept, and at most (pg_stat_statements.max). */
  kept: number
  most: number
  statements: readonly StatementCounts[]
}

/** Why there are no statements to read, with the statement that changes it. */
export interface StatementsMissing {
  why: 'not-installed' | 'not-loaded' | 'texts-hidden'
  words: string
  nextStep: string
}

export interface StatementIncrease {
  id: string
  calls: number
  ms: number
  rows: number
  hitBlocks: number
  readBlocks: number
  tempBlocks: number
  walBytes: number
}
