/** What a schema consists of, as a snapshot declares it or as the catalog has it. Names of tables are `schema.table`. */
export interface SchemaShape {
  tables: Map<string, TableShape>
  /** Values in their order, by `schema.name`. */
  enums: Map<string, readonly string[]>
}

export interface TableShape {
  columns: Map<string, ColumnShape>
  /** By name. */
  indexes: Map<string, IndexShape>
  foreignKeys: Map<string, string>
  uniques: Map<string, string>
  checks: Set<string>
  primaryKey: readonly string[]
}

export interface ColumnShape {
  /** As Postgres writes it: `character varying(20)`. */
  type: string
  notNull: boolean
  /** As text; undefined: there is none. */
  default?: string
  /** Its values are made by the server: an identity, a generated column, the sequence of a serial. */
  generated?: 'identity' | 'stored' | 'serial'
}

export interface IndexShape {
  unique: boolean
  method: string
  /** Columns and expressions. An expression is compared only by its being one. */
  columns: readonly string[]
  partial: boolean
}

/** One difference between what is declared and what the database has. */
export interface SchemaDifference {
  /** `schema.table`, or the name of an enum. */
  on: string
  /** `missing`: declared, and not in the database; `extra`: the other way round; `different`: in both. */
  kind: 'missing' | 'extra' | 'different'
  /** A sentence without a full stop. */
  words: string
}

const SAME: readonly [RegExp, string][] = [
  [/^serial$/, 'integer'],
  [/^bigserial$/, 'bigint'],
  [/^smallserial$/, 'smallint'],
  [/^(varchar|char varying)\b/, 'character varying'],
  [/^(char|bpchar)(?=\(|$|\[)/, 'character'],
  [/^int4?(?=$|\[)/, 'integer'],
  [/^int8(?=$|\[)/, 'bigint'],
  [/^int2(?=$|\[)/, 'smallint'],
  [/^float8(?=$|\[)/, 'double precision'],
  [/^float4(?=$|\[)/, 'real'],
  [/^bool(?=$|\[)/, 'boolean'],
  [/^decimal\b/, 'numeric'],
  [/^timestamptz\b(\(\d\))?/, 'timestamp$1 with time zone'],
  [/^timestamp(\(\d\))?(?! with)(?=$|\[)/, 'timestamp$1 without time zone'],
  [/^timetz\b/, 'time with time zone'],
  [/^time(\(\d\))?(?! with)(?=$|\[)/, 'time$1 without time zone'],
]

/** A type as the catalog writes it. */
export function typeName(written: string): string {
  const plain = written
    .toLowerCase()
    .replace(/\s+\(/g, '(')
    .replace(/\s*,\s*/g, ',')
    .replaceAll('"', '')
    .replace(/^public\./, '')
    .trim()
  const [, base = plain, array = ''] = /^(.*?)((?:\[\d*\])*)$/.exec(plain) ?? []
  const named = SAME.reduce((text, [pattern, name]) => text.replace(pattern, name), base)
  return `${named}${array.length > 0 ? '[]' : ''}`
}

/** A default without the casts that the catalog adds. */
export function defaultText(written: string): string {
  return written
    .trim()
    .replace(/^\((.*)\)$/s, '$1')
    .replace(/::[a-z_ ."]+(\(\d+(,\d+)?\))?(\[\])?/gi, '')
    .replace(/^'(-?\d+(?:\.\d+)?)'$/, '$1')
    .replace(/^current_timestamp(\(\))?$/i, 'now()')
    .toLowerCase()
}
