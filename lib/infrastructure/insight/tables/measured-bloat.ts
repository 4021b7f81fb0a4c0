import type { Ask, Question } from '../port.ts'

export interface MeasuredBloat {
  /** Bytes that no row takes, and those that dead rows take. */
  freeBytes: number
  deadBytes: number
  /** `sampled`: pages without dead rows were not read. */
  precision: 'exact' | 'sampled'
}

/** What pgstattuple measures of one table; undefined where it is not installed, or this account may not use it. It reads much of the table. */
export function measuredBloatQuestion(schema: string, table: string): Question<MeasuredBloat | undefined> {
  return { id: `measured bloat ${schema}.${table}`, freshFor: 600_000, answer: ask => measure(ask, schema, table) }
}

async function measure(ask: Ask, schema: string, table: string): Promise<MeasuredBloat | undefined> {
  // As for sizes: a large table takes longer than other questions may.
  await ask('set local statement_timeout = 10000')
  const [found] = await ask<{ may: boolean | null }>(
    `select has_function_privilege(to_regprocedure('pgstattuple_approx(regclass)'), 'execute') as may`,
  )
  if (!found?.may) return undefined
  const [row] = await ask<{ freeBytes: number; deadBytes: number; scanned: number }>(
    `select approx_free_space::float8 as "freeBytes", dead_tuple_len::float8 as "deadBytes", scanned_percent::float8 as scanned
     from pgstattuple_approx(format('%I.%I', $1::text, $2::text)::regclass)`,
    [schema, table],
  )
  const { freeBytes, deadBytes, scanned } = row as { freeBytes: number; deadBytes: number; scanned: number }
  return { freeBytes, deadBytes, precision: scanned >= 100 ? 'exact' : 'sampled' }
}
