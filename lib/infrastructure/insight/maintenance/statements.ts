import { quoted } from '../words.ts'

interface TableName {
  schema: string
  table: string
}

const named = (...parts: string[]) => parts.map(quoted).join('.')

/** Postgres cuts names at 63 bytes, silently. */
const LONGEST_NAME = 63

/** `orders_customer_state_idx`, as Postgres would call it, and none of those that are taken. */
export function indexName(table: string, columns: readonly string[], taken: readonly string[]): string {
  for (let count = 0; ; count++) {
    const end = `_idx${count === 0 ? '' : count}`
    const name = `${shortened([table, ...columns].join('_'), LONGEST_NAME - end.length)}${end}`
    if (!taken.includes(name)) return name
  }
}

function shortened(text: string, bytes: number): string {
  let cut = text
  while (Buffer.byteLength(cut) > bytes) cut = cut.slice(0, -1)
  return cut
}

export const createIndexStatement = ({ schema, table }: TableName, name: string, columns: readonly string[]) =>
  `CREATE INDEX CONCURRENTLY ${quoted(name)} ON ${named(schema, table)} (${columns.map(quoted).join(', ')})`
export const dropIndexStatement = (schema: string, name: string) => `DROP INDEX CONCURRENTLY ${named(schema, name)}`
export const reindexStatement = (schema: string, name: string) => `REINDEX INDEX CONCURRENTLY ${named(schema, name)}`
export const vacuumStatement = ({ schema, table }: TableName) => `VACUUM (ANALYZE) ${named(schema, table)}`
export const analyzeStatement = ({ schema, table }: TableName) => `ANALYZE ${named(schema, table)}`

/** The statement of pg_get_indexdef, without blocking writes. */
export function concurrently(definition: string): string {
  return definition.replace(/^CREATE (UNIQUE )?INDEX /, 'CREATE $1INDEX CONCURRENTLY ')
}
