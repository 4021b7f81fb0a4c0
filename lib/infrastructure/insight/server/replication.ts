import type { Ask, Question } from '../port.ts'
import { oneRow, present } from '../row.ts'

/** A standby or a subscriber that follows this server. */
export interface Follower {
  name: string
  address?: string
  /** `streaming`, `catchup`, …; absent: hidden from this account. */
  state?: string
  /** `async`, `sync`, `quorum`, `potential` */
  sync?: string
  /** Bytes that it has not replayed. */
  behindBytes?: number
  /** How long the newest replayed change was on its way (ms); absent: nothing has been written lately. */
  behindMs?: number
}

/** A slot keeps write-ahead log until its consumer has read it. */
export interface ReplicationSlot {
  name: string
  /** `physical`, `logical` */
  kind: string
  active: boolean
  keepsBytes?: number
  /** Since Postgres 13: `reserved`, `extended`, `unreserved`, `lost`. */
  state?: string
}

export interface Replication {
  /** Of a primary. */
  followers: Follower[]
  slots: ReplicationSlot[]
  /** Of a standby. `behindMs`: since the last change that it replayed was made; absent when it has replayed all that it received. */
  standby?: { receiving: boolean; behindBytes?: number; behindMs?: number }
}

export const replicationQuestion: Question<Replication> = {
  id: 'replication',
  freshFor: 5_000,
  answer: async ask => {
    const role = await oneRow(ask<{ standby: boolean }>('select pg_is_in_recovery() as standby'))
    const here = role.standby ? 'pg_last_wal_replay_lsn()' : 'pg_current_wal_lsn()'
    const [followers, slots, standby] = [
      await readFollowers(ask, here),
      await readSlots(ask, here),
      role.standby ? await readStandby(ask) : undefined,
    ]
    return { followers, slots, ...(standby ? { standby } : {}) }
  },
}

async function readFollowers(ask: Ask, here: string): Promise<Follower[]> {
  const rows = await ask<Follower>(`
    select coalesce(nullif(application_name, ''), 'pid ' || pid) as name, host(client_addr) as address, state,
      sync_state as sync, pg_wal_lsn_diff(${here}, replay_lsn)::float8 as "behindBytes",
      extract(epoch from replay_lag)::float8 * 1000 as "behindMs"
    from pg_stat_replication order by 1`)
  return rows.map(row => present(row))
}

async function readSlots(ask: Ask, here: string): Promise<ReplicationSlot[]> {
  const rows = await ask<ReplicationSlot>(`
    select slot_name::text as name, slot_type as kind, active, pg_wal_lsn_diff(${here}, restart_lsn)::float8 as "keepsBytes",
      ${ask.major >= 13 ? 'wal_status' : 'null::text'} as state
    from pg_replication_slots order by 1`)
  return rows.map(row => present(row))
}

const readStandby = (ask: Ask) =>
  oneRow(
    ask<NonNullable<Replication['standby']>>(`
    select exists (select from pg_stat_wal_receiver) as receiving,
      pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())::float8 as "behindBytes",
      case when pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() then null
        else extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp())::float8 * 1000 end as "behindMs"`),
  )
