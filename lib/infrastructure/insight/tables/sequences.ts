import type { Ask, Question } from '../port.ts'
import { USERS_SCHEMAS } from './schemas.ts'

export interface SequenceState {
  schema: string
  name: string
  /** `schema.table.column`, where a column owns it. */
  column: string | null
  /** `integer`, of the column, or of the sequence where none owns it. */
  type: string
  last: number
  /** The last number that fits the sequence and its column. */
  limit: number
  /** Between 0 and 1. */
  used: number
  cycles: boolean
}

/** Sequences that have given numbers and that this account may read, the fullest first. */
export const sequencesQuestion: Question<readonly SequenceState[]> = {
  id: 'sequences',
  freshFor: 300_000,
  answer: readSequences,
}

/** From this share on, the end is near enough to plan a wider type. */
export const NEARLY_EXHAUSTED = 0.75

function readSequences(ask: Ask): Promise<readonly SequenceState[]> {
  return ask<SequenceState>(`
    -- Postgres chooses the order of conditions; only CASE keeps other relations from being asked for their privileges as sequences.
    select *, (last - start) / nullif("limit" - start, 0) as used from (
      select n.nspname::text as schema, c.relname::text as name,
        case when t.oid is not null then format('%s.%s.%s', tn.nspname, t.relname, a.attname) end as column,
        format_type(coalesce(a.atttypid, s.seqtypid), null) as type, s.seqcycle as cycles, s.seqstart::float8 as start,
        case when c.relkind = 'S' and has_sequence_privilege(c.oid, 'select,usage') then pg_sequence_last_value(c.oid) end::float8 as last,
        case when s.seqincrement > 0 then least(s.seqmax, case coalesce(a.atttypid, s.seqtypid)
            when 'int2'::regtype then 32767 when 'int4'::regtype then 2147483647 else 9223372036854775807 end)
          else greatest(s.seqmin, case coalesce(a.atttypid, s.seqtypid)
            when 'int2'::regtype then -32768 when 'int4'::regtype then -2147483648 else -9223372036854775808 end) end::float8 as "limit"
      from pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace
        left join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass
          and d.deptype in ('a', 'i') and d.refobjsubid > 0
        left join pg_class t on t.oid = d.refobjid left join pg_namespace tn on tn.oid = t.relnamespace
        left join pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid
      where c.relpersistence <> 't' and ${USERS_SCHEMAS}
    ) q where last is not null order by used desc nulls last`)
}
