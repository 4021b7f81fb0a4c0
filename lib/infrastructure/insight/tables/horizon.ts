import type { Ask, Question } from '../port.ts'
import { inMs } from './schemas.ts'

/** What keeps VACUUM from removing dead rows: a snapshot that might still see them. */
export interface HorizonHolder {
  kind: 'session' | 'standby' | 'slot' | 'prepared'
  /** The application of a session, the standby, the slot, the transaction's identifier. */
  name: string
  pid: number | null
  /** Transactions since it was taken. */
  age: number
  /** When it began (ms); null where that is not known, as of a slot. */
  since: number | null
  /** Who can end it: a statement, with what it costs left to the reader. */
  statement: string
}

export interface WraparoundState {
  /** Transactions until the server refuses writes to protect itself. */
  left: number
  multixactsLeft: number
  /** Transactions since the oldest row of this database was frozen; at `freezeAt` autovacuum begins to freeze, in whatever load. */
  age: number
  freezeAt: number
}

export interface HorizonReading {
  /** The oldest first. */
  holders: readonly HorizonHolder[]
  wraparound: WraparoundState
}

export const horizonQuestion: Question<HorizonReading> = { id: 'horizon', freshFor: 10_000, answer: readHorizon }

/** 2^31 ids, of which the server keeps three million as a last reserve. */
const IDS = 2_147_483_647 - 3_000_000

async function readHorizon(ask: Ask): Promise<HorizonReading> {
  const holders = await ask<HorizonHolder>(`
    select 'session' as kind, coalesce(nullif(a.application_name, ''), a.usename::text, a.backend_type) as name, a.pid, age(a.backend_xmin)::float8 as age,
      ${inMs('a.xact_start', 'since')}, format('SELECT pg_terminate_backend(%s);', a.pid) as statement
    from pg_stat_activity a where a.backend_xmin is not null and a.pid <> pg_backend_pid() and a.backend_type <> 'walsender'
      and (a.datname = current_database() or a.datname is null)
    union all
    select 'standby', coalesce(nullif(r.application_name, ''), r.client_addr::text), r.pid, age(r.backend_xmin)::float8, null,
      'ALTER SYSTEM SET hot_standby_feedback = off; -- on the standby: its long queries may then be cancelled'
    from pg_stat_replication r where r.backend_xmin is not null
    union all
    select 'slot', s.slot_name, s.active_pid, greatest(age(s.xmin), age(s.catalog_xmin))::float8, null,
      format('SELECT pg_drop_replication_slot(%L);', s.slot_name)
    from pg_replication_slots s where s.xmin is not null or s.catalog_xmin is not null
    union all
    select 'prepared', p.gid, null, age(p.transaction)::float8, ${inMs('p.prepared', 'since')}, format('ROLLBACK PREPARED %L;', p.gid)
    from pg_prepared_xacts p where p.database = current_database()
    order by age desc, since nulls last`)
  const [wraparound] = await ask<WraparoundState>(`
    select (${IDS} - age(datfrozenxid))::float8 as left, (${IDS} - mxid_age(datminmxid))::float8 as "multixactsLeft",
      age(datfrozenxid)::float8 as age, current_setting('autovacuum_freeze_max_age')::float8 as "freezeAt"
    from pg_database where datname = current_database()`)
  return { holders, wraparound: wraparound as WraparoundState }
}
