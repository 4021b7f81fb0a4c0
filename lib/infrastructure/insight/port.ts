/** A value of `$1`, `$2`, … in a statement; the statement gives it its type: `$1::text`. */
export type AskParameter = string | number | boolean | null

/**
 * Sends one statement and resolves with its rows. It runs in a transaction that is read-only, waits for no lock longer than half a
 * second, and runs for two seconds at most. Rejects with DatabaseError, after which nothing more can be asked in this transaction.
 *
 * Cast what you select: `bigint` and `numeric` arrive as text, `float8` and `int` as numbers, arrays and JSON as such.
 */
export interface Ask {
  <Row extends object>(sql: string, parameters?: readonly AskParameter[]): Promise<Row[]>
  /** Sends one statement and resolves with the columns of its answer, which it has without rows too. `type`: the oid. */
  columns(sql: string, parameters?: readonly AskParameter[]): Promise<{ name: string; type: number }[]>
  /** Of the server's version: 12 to 18, or newer. */
  readonly major: number
  /** A pooler is in between: the session belongs to whoever needs it next. */
  readonly pooled: boolean
}

/** Something to ask a server, and how long (ms) one answer serves everyone who asks: longer, the more it costs the server. */
export interface Question<T> {
  /** The same id is the same question, its parameters included. */
  readonly id: string
  readonly freshFor: number
  answer(ask: Ask): Promise<T>
}

/** Reads a Postgres about itself. Connects with the first question. */
export interface Insight {
  /** Each question in a transaction of its own. Rejects with DatabaseError. */
  ask<T>(question: Question<T>): Promise<T>
  close(): Promise<void>
}
