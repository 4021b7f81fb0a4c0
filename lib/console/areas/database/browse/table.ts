import type { Ask, Question } from '../../../../infrastructure/insight/index.ts'
import { hides } from '../../../../infrastructure/logging/index.ts'

/**
 * Tables of users; not views and foreign tables, which run functions of whoever made them with the console's rights, and not the partitions of a
 * table, which would show what is hidden of it.
 */
const BROWSED = `c.relkind in ('r', 'm', 'p') and c.relpersistence <> 't' and not c.relispartition and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')`
const READABLE = `has_schema_privilege(n.oid, 'usage') and has_any_column_privilege(c.oid, 'select')`

export interface ReadableTable {
  schema: string
  name: string
}

/** The tables that the console's account may read at least one column of. */
export const readableTablesQuestion: Question<ReadableTable[]> = {
  id: 'readable tables',
  freshFor: 20_000,
  answer: ask =>
    ask(`select n.nspname::text as schema, c.relname::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where ${BROWSED} and ${READABLE} order by 1, 2`),
}

export interface BrowsedColumn {
  name: string
  type: string
  /** Why its values are never read: its name, its type, a right that the account lacks, or substation.config.ts. */
  masked?: 'name' | 'type' | 'right' | 'setting'
  /** JSON, an array or a composite: shown as JSON, and no filter looks inside. */
  structured: boolean
  /** Its type without length, and below its domain; absent where it is not one of Postgres' own. */
  builtIn?: string
  /** Its values are the words of an enum. */
  isEnum: boolean
}

export interface BrowsedTable {
  readable: boolean
  /** What would let the account read it. */
  grant: string
  /** Policies of the table decide which rows the account sees. */
  rowSecurity: boolean
  columns: BrowsedColumn[]
  /** Columns of the primary key in its order; empty where it has none, or one of them is masked. */
  keys: BrowsedColumn[]
}

interface CatalogColumn {
  name: string
  type: string
  base: string
  category: string
  mayRead: boolean
  place: number | null
  builtIn: boolean
  isEnum: boolean
}

/** The table as the catalog describes it; undefined: there is none of that name. Only what it names goes into statements. */
export async function describeTable(
  ask: Ask,
  { schema, table, hidden }: { schema: string; table: string; hidden: readonly string[] },
): Promise<BrowsedTable | undefined> {
  const [found] = await ask<Pick<BrowsedTable, 'readable' | 'grant' | 'rowSecurity'> & { columns: CatalogColumn[] }>(
    `select ${READABLE} as readable, row_security_active(c.oid) as "rowSecurity",
       format('GRANT USAGE ON SCHEMA %I TO %I; GRANT SELECT ON %I.%I TO %I;', n.nspname, current_user, n.nspname, c.relname, current_user) as grant,
       (select coalesce(json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
            'base', coalesce(b.typname, t.typname), 'category', t.typcategory, 'mayRead', has_column_privilege(c.oid, a.attnum, 'select'),
            'builtIn', coalesce(b.typnamespace, t.typnamespace) = 'pg_catalog'::regnamespace, 'isEnum', t.typtype = 'e',
            'place', array_position(i.indkey::int2[], a.attnum)) order by a.attnum), '[]')
          from pg_attribute a join pg_type t on t.oid = a.atttypid left join pg_type b on b.oid = t.typbasetype
          left join pg_index i on i.indrelid = c.oid and i.indisprimary
          where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1::text and c.relname = $2::text and ${BROWSED}`,
    [schema, table],
  )
  if (!found) return undefined
  const all = found.columns.map(column => ({
    ...toColumn(column),
    ...(hidden.includes(`${schema}.${table}.${column.name}`) ? { masked: 'setting' as const } : {}),
    place: column.place,
  }))
  const keys = all.filter(({ place }) => place !== null).sort((a, b) => Number(a.place) - Number(b.place))
  return {
    ...found,
    columns: all.map(({ place: _place, ...column }) => column),
    // An order by a masked column would say how its values compare.
    keys: keys.some(({ masked }) => masked) ? [] : keys,
  }
}

/** Of these nothing can be checked for secrets. */
const OPAQUE = /^_?(bytea|xml)$/

function toColumn({ name, type, base, category, mayRead, builtIn, isEnum }: CatalogColumn): BrowsedColumn {
  // As in JSON: numbers of tokens and booleans are not secret.
  const example = category === 'B' ? true : category === 'N' ? 0 : ''
  const masked = !mayRead ? 'right' : hides(name, example) ? 'name' : OPAQUE.test(base) ? 'type' : undefined
  const structured = category === 'A' || category === 'C' || /^(jsonb?|hstore)$/.test(base)
  return { name, type, structured, isEnum, ...(builtIn ? { builtIn: base } : {}), ...(masked ? { masked } : {}) }
}
