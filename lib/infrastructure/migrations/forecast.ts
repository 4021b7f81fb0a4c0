/** The lock modes of Postgres that make others wait, from the weakest; `rows`: only the rows that it writes. */
export const LOCK_MODES = [
  'rows',
  'SHARE UPDATE EXCLUSIVE',
  'SHARE',
  'SHARE ROW EXCLUSIVE',
  'EXCLUSIVE',
  'ACCESS EXCLUSIVE',
] as const

export type LockMode = (typeof LOCK_MODES)[number]

/**
 * What is done to the stored rows while the lock is held: `moment`: only the catalog changes; `scan`: every row is read; `build`: an index
 * is built; `rewrite`: every row and index is written again; `rows`: the rows that its condition finds.
 */
export type LockWork = 'moment' | 'scan' | 'build' | 'rewrite' | 'rows'

/** One lock of a statement. */
export interface LockForecast {
  mode: LockMode
  /** The table (or index) as written in the statement, if it names one. */
  table?: string
  work: LockWork
  /** It rewrites only where the stored form changes: for this column, and this new type. */
  unlessStoredAlike?: { column: string; type: string }
  /** What has to wait, and for how long. */
  words: string
}

/** What a statement does to what exists, by its syntax alone. */
export interface StatementForecast {
  /** The strictest first. Empty: nothing that others use is locked. */
  locks: LockForecast[]
  /** A way that makes others wait less, or not at all; sentences. */
  advice?: string
  /** What no rollback brings back, as the end of "It loses …". */
  loses?: string
  /** It adds this value to this enum. */
  addsValue?: { type: string; value: string }
  /** It creates this table, or takes these away (by dropping, renaming or moving them). */
  createsTable?: string
  removesTables?: readonly string[]
  /** It creates this enum. */
  createsEnum?: string
  /** The texts it contains, by which the use of an enum's value is found. */
  texts?: readonly string[]
}

const HOW_LONG: Record<LockWork, string> = {
  moment: 'for a moment, once it has the lock',
  scan: 'while every row is read',
  build: 'while the index is built',
  rewrite: 'while every row is written again',
  rows: 'while it runs',
}

/** Who waits, and for how long, in words. */
export function wordsOf(mode: LockMode, work: LockWork): string {
  switch (mode) {
    case 'rows':
      return 'Other writes to the same rows wait until the migration is committed; reads go on.'
    case 'SHARE UPDATE EXCLUSIVE':
      return `Reads and writes go on. VACUUM and other changes of the schema wait ${HOW_LONG[work]}.`
    case 'ACCESS EXCLUSIVE':
      return `Reads and writes wait ${HOW_LONG[work]}.`
    default:
      return `Writes wait ${HOW_LONG[work]}; reads go on.`
  }
}

/** How strict it is; higher makes more wait. */
export const strictness = (mode: LockMode) => LOCK_MODES.indexOf(mode)
