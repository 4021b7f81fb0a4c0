import type { Row } from '../database/index.ts'
import type { FieldKind, SupabaseDefinition, SupabaseField } from './port.ts'

interface Mapped {
  field: string
  column: string
  kind: FieldKind
}

/** Between an entity and the JSON of its row. */
export class DataMapper {
  readonly #fields: ReadonlyMap<string, Mapped & Pick<SupabaseField, 'nullable'>>
  /** The columns of a row, for `select`: decimals as text, since JSON numbers lose digits. */
  readonly selected: string

  constructor({ fields }: Pick<SupabaseDefinition, 'fields'>) {
    this.#fields = new Map(
      Object.entries(fields).map(([field, { column = columnOf(field), kind, nullable }]) => [
        field,
        { field, column, kind, ...(nullable ? { nullable } : {}) },
      ]),
    )
    this.selected = [...this.#fields.values()]
      .map(({ column, kind }) => (kind === 'decimal' ? `${column}::text` : column))
      .join(',')
  }

  get names(): ReadonlySet<string> {
    return new Set(this.#fields.keys())
  }

  of(field: string): Mapped & Pick<SupabaseField, 'nullable'> {
    const mapped = this.#fields.get(field)
    if (!mapped) throw new Error(`There is no field ${field}`)
    return mapped
  }

  toEntity(json: Row): Row {
    return Object.fromEntries(
      [...this.#fields.values()].map(({ field, column, kind }) => [field, read(kind, json[column])]),
    )
  }

  toJson(row: Row): Row {
    return Object.fromEntries(Object.entries(row).map(([field, value]) => [this.of(field).column, written(value)]))
  }
}

const columnOf = (field: string) => field.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)

function read(kind: FieldKind, value: unknown): unknown {
  if (value === null || value === undefined) return null
  return kind === 'date' ? new Date(String(value)) : value
}

const written = (value: unknown) => (value instanceof Date ? value.toISOString() : value)
