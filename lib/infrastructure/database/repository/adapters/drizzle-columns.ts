import { getTableColumns } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import { comparableValue } from '../comparable-value.ts'
import { refused } from '../conditions.ts'
import { RepositoryError } from '../port.ts'
import type { Row } from '../row-store.ts'

/** Types that are only a shorthand of another one with a default. */
const UNDERLYING: Readonly<Record<string, string>> = {
  serial: 'integer',
  bigserial: 'bigint',
  smallserial: 'smallint',
  // Without its length this is a single character.
  char: 'bpchar',
}

/** The columns of a table of drizzle by the names of their fields. */
export class DrizzleColumns {
  readonly byField: ReadonlyMap<string, PgColumn>

  constructor(table: PgTable) {
    this.byField = new Map(Object.entries(getTableColumns(table)))
  }

  of(field: string): PgColumn {
    const column = this.byField.get(field)
    if (!column) throw refused(`There is no column ${JSON.stringify(field)}`)
    return column
  }

  /** A value of a filter as drizzle expects it of this column, from what may be text. */
  comparable(field: string, value: unknown): unknown {
    return comparableValue(field, this.of(field).dataType, value)
  }

  /** Defaults that drizzle makes in the process. */
  withDefaults(row: Row, on: 'create' | 'update'): Row {
    const made: Row = {}
    for (const [field, column] of this.byField) {
      const make = on === 'create' ? (column.defaultFn ?? column.onUpdateFn) : column.onUpdateFn
      if (make && row[field] === undefined) made[field] = make()
    }
    return { ...made, ...row }
  }

  /** A row of postgres.js, by names of columns, as the entity. */
  entity(raw: Row): Row {
    const row: Row = {}
    for (const [field, column] of this.byField) {
      const value = raw[column.name]
      row[field] = value === null || value === undefined ? null : column.mapFromDriverValue(value)
    }
    return row
  }
}

/** Without its length or precision, to which a cast would cut a value. */
export function castType(column: PgColumn): string {
  const type = column.getSQLType().replace(/\([^)]*\)/, '')
  return UNDERLYING[type] ?? type
}

/** For the column list of `json_to_recordset`. */
export function recordType(column: PgColumn): string {
  const type = column.getSQLType()
  return UNDERLYING[type] ?? type
}

/** A value within the JSON of many rows. */
export function jsonValue(column: PgColumn, value: unknown): unknown {
  if (value === null || value === undefined) return null
  if (column.dataType === 'json' || column.dataType === 'array') return value
  const driver = column.mapToDriverValue(value)
  if (typeof driver === 'bigint') return String(driver)
  if (typeof driver === 'object' && driver !== null && !(driver instanceof Date))
    throw new RepositoryError(`${column.name} cannot be written with a ${driver.constructor.name}`, {
      code: 'REPOSITORY_VALUE',
    })
  return driver
}
