import type { Connection } from './connection.ts'

/**
 * Whether a column's values are stored the same way under another type, so that Postgres rewrites nothing: a longer or no limit of the same type, or a
 * type that pg_cast calls binary coercible. Unknown types count as stored differently.
 */
export async function storedAlike(
  connection: Connection,
  table: number,
  { column, type }: { column: string; type: string },
): Promise<boolean> {
  const [, base = type, limits] = /^(.*?)(?:\(([\d,]+)\))?$/.exec(type) ?? []
  const { rows } = await connection.send(
    `select a.atttypid = t.oid as same, a.atttypmod as modifier, format_type(a.atttypid, null) as name,
       exists (select from pg_cast c where c.castsource = a.atttypid and c.casttarget = t.oid and c.castmethod = 'b') as coercible
     from pg_attribute a, (select to_regtype($3) as oid) t
     where a.attrelid = $1::text::oid and a.attname = $2 and t.oid is not null`,
    [String(table), column.replace(/^"(.*)"$/, '$1'), base],
  )
  const [row] = rows
  if (!row) return false
  if (row.same !== true) return row.coercible === true && limits === undefined
  const modifier = Number(row.modifier)
  if (limits === undefined) return true
  if (modifier < 0) return false
  const [wanted = 0, scale = 0] = limits.split(',').map(Number)
  switch (row.name) {
    case 'character varying':
    case 'bit varying':
      // The length of a varchar is kept with the four bytes of its header.
      return wanted >= (row.name === 'bit varying' ? modifier : modifier - 4)
    case 'numeric':
      return scale === ((modifier - 4) & 0x7ff) && wanted >= (((modifier - 4) >> 16) & 0xffff)
    case 'timestamp without time zone':
    case 'timestamp with time zone':
    case 'time without time zone':
    case 'time with time zone':
      return wanted >= modifier
    default:
      return false
  }
}
