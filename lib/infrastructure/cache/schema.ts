import { messageOf } from '../../core/errors.ts'
import { CacheError } from './port.ts'

/**
 * The shape of values, such as `{ version: 3, parse: Product.parse }` with a schema of zod. A cached value of another version, or one that
 * `parse` throws at, is a miss.
 */
export interface CacheSchema<Value = unknown> {
  version: number | string
  parse?(value: unknown): Value
}

/** As it is stored with an entry. */
export const versionOf = (schema: CacheSchema | undefined): string | undefined =>
  schema === undefined ? undefined : String(schema.version)

/** The entry with its value under this schema; undefined when it is of another version or does not parse. */
export function readAs<Entry extends { value: unknown; schema?: string }>(
  schema: CacheSchema | undefined,
  entry: Entry,
): Entry | undefined {
  if (entry.schema !== versionOf(schema)) return undefined
  try {
    return { ...entry, value: parsed('', entry.value, schema) }
  } catch {
    return undefined
  }
}

/** Throws CacheError `CACHE_VALUE` for a value that does not parse. */
export function parsed(key: string, value: unknown, schema: CacheSchema | undefined): unknown {
  // Absence is not a value, and needs no schema.
  if (schema?.parse === undefined || value === undefined || value === null) return value
  try {
    return schema.parse(value)
  } catch (error) {
    throw new CacheError(`The value for ${key} is not of its schema: ${messageOf(error)}`, {
      code: 'CACHE_VALUE',
      cause: error,
    })
  }
}
