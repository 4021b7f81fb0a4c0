import { foreignKeyText } from '../drift/declared.ts'
import { defaultText, type SchemaShape, type TableShape, typeName } from '../drift/schema.ts'
import type { Connection } from './connection.ts'

const ACTIONS: Record<string, string> = { a: 'no action', r: 'restrict', c: 'cascade', n: 'set null', d: 'set default' }

/** These tables and all enums of their schemas, from the catalog: four queries, however many tables. */
export async function liveSchema(connection: Connection, tables: readonly string[]): Promise<SchemaShape> {
  const wanted = JSON.stringify(tables)
  const ask = async (sql: string) => (await connection.send(sql, [wanted])).rows
  const OF = `c.relkind in ('r', 'p') and n.nspname || '.' || c.relname in (select jsonb_array_elements_text($1::text::jsonb))`
  const columns = await ask(`
    select n.nspname || '.' || c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as "notNull",
      pg_get_expr(d.adbin, d.adrelid) as default, a.attidentity <> '' as identity, a.attgenerated <> '' as computed,
      pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname) is not null as serial
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where ${OF} order by a.attnum`)
  const indexes = await ask(`
    select n.nspname || '.' || c.relname as table, i.relname as name, x.indisunique as unique, m.amname as method, x.indpred is not null as partial,
      (select coalesce(jsonb_agg(coalesce(a.attname, '(expression)') order by k.at), '[]')
        from unnest(x.indkey[0:x.indnkeyatts - 1]) with ordinality as k(number, at)
        left join pg_attribute a on a.attrelid = c.oid and a.attnum = k.number and k.number > 0)::text as columns
    from pg_index x join pg_class i on i.oid = x.indexrelid join pg_am m on m.oid = i.relam
      join pg_class c on c.oid = x.indrelid join pg_namespace n on n.oid = c.relnamespace
    where ${OF} and not exists (select from pg_constraint o where o.conindid = i.oid and o.contype in ('p', 'u', 'x'))`)
  const constraints = await ask(`
    select n.nspname || '.' || c.relname as table, o.conname as name, o.contype as kind, o.confdeltype as deleting, o.confupdtype as updating,
      fn.nspname || '.' || f.relname as other, ${namesOf('o.conrelid', 'o.conkey')} as columns, ${namesOf('o.confrelid', 'o.confkey')} as "otherColumns"
    from pg_constraint o join pg_class c on c.oid = o.conrelid join pg_namespace n on n.oid = c.relnamespace
      left join pg_class f on f.oid = o.confrelid left join pg_namespace fn on fn.oid = f.relnamespace
    where ${OF} and o.contype in ('p', 'u', 'f', 'c')`)
  const enums = await ask(`
    select n.nspname || '.' || t.typname as name, jsonb_agg(e.enumlabel order by e.enumsortorder)::text as values
    from pg_type t join pg_namespace n on n.oid = t.typnamespace join pg_enum e on e.enumtypid = t.oid
    where $1::text is not null group by 1`)

  const shape: SchemaShape = { tables: new Map(), enums: new Map() }
  const tableOf = (row: Record<string, unknown>) => {
    const name = String(row.table)
    const known = shape.tables.get(name) ?? emptyTable()
    shape.tables.set(name, known)
    return known
  }
  for (const row of columns) {
    const generated = row.identity ? 'identity' : row.computed ? 'stored' : row.serial ? 'serial' : undefined
    tableOf(row).columns.set(String(row.name), {
      type: typeName(String(row.type)),
      notNull: row.notNull === true,
      ...(generated === undefined ? {} : { generated }),
      ...(row.default === null || generated !== undefined ? {} : { default: defaultText(String(row.default)) }),
    })
  }
  for (const row of indexes)
    tableOf(row).indexes.set(String(row.name), {
      unique: row.unique === true,
      method: String(row.method),
      columns: JSON.parse(String(row.columns)),
      partial: row.partial === true,
    })
  for (const row of constraints) {
    const table = tableOf(row)
    const name = String(row.name)
    const own: string[] = JSON.parse(String(row.columns))
    if (row.kind === 'p') table.primaryKey = own
    else if (row.kind === 'u') table.uniques.set(name, own.join(', '))
    else if (row.kind === 'c') table.checks.add(name)
    else
      table.foreignKeys.set(
        name,
        foreignKeyText({
          from: own,
          to: String(row.other),
          columns: JSON.parse(String(row.otherColumns)),
          onDelete: ACTIONS[String(row.deleting)] ?? String(row.deleting),
          onUpdate: ACTIONS[String(row.updating)] ?? String(row.updating),
        }),
      )
  }
  for (const row of enums) shape.enums.set(String(row.name), JSON.parse(String(row.values)))
  return shape
}

/** The names of a constraint's columns, in their order. */
const namesOf = (relation: string, numbers: string) =>
  `(select coalesce(jsonb_agg(a.attname order by k.at), '[]') from unnest(${numbers}) with ordinality as k(number, at)
     join pg_attribute a on a.attrelid = ${relation} and a.attnum = k.number)::text`

function emptyTable(): TableShape {
  return {
    columns: new Map(),
    indexes: new Map(),
    foreignKeys: new Map(),
    uniques: new Map(),
    checks: new Set(),
    primaryKey: [],
  }
}
