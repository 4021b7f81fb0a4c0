import type { Question } from '../port.ts'

export interface IndexNow {
  table: string
  valid: boolean
  /** A session builds, rebuilds or drops it concurrently. */
  underWay: boolean
}

/** One index by its name, whatever locks others hold on it or its table; undefined: there is none. Its size and definition would wait for those locks. */
export function indexNowQuestion(schema: string, name: string): Question<IndexNow | undefined> {
  return {
    id: `index ${schema}.${name}`,
    freshFor: 0,
    async answer(ask) {
      const [row] = await ask<IndexNow>(
        `select t.relname::text as table, i.indisvalid as valid,
           exists (select from pg_stat_progress_create_index p where p.index_relid = c.oid and p.datname = current_database())
             or exists (select from pg_locks l where l.relation = c.oid and l.mode = 'ShareUpdateExclusiveLock' and l.granted
               and l.database = (select oid from pg_database where datname = current_database())) as "underWay"
         from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
           join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = $1::text and c.relname = $2::text`,
        [schema, name],
      )
      return row
    },
  }
}
