import type { Sql, TransactionSql } from 'postgres'
import { storeFailureOf } from '../../../core/store-failure.ts'
import type { PostgresAccess } from '../../kv/index.ts'
import { SyncError } from '../port.ts'
import type { Held, SyncStore, SyncUnit } from '../store.ts'
import type { VersionOrder } from '../versions.ts'

/** An error of the work, which passes unchanged. */
class WorkFailed {
  readonly error: unknown
  constructor(error: unknown) {
    this.error = error
  }
}

/** In two tables of schema `substation_app`, of the database to which items are applied. */
export function postgresSyncStore(access: PostgresAccess): SyncStore {
  const run = async <T>(query: (sql: Sql) => PromiseLike<T>): Promise<T> => {
    try {
      return await access.run(query)
    } catch (error) {
      throw syncError(error)
    }
  }
  return {
    async take(sync, leaseMs) {
      // A row that is locked is that of a step under way. Only a missing one is inserted, since an insertion would wait for the lock.
      const taken = (sql: Sql) => sql<{ fence: number; state: string | null }[]>`
        with free as (
          select name from substation_app.sync
          where name = ${sync} and (held_until is null or held_until < clock_timestamp()) for update skip locked
        )
        update substation_app.sync as s set fence = s.fence + 1, held_until = ${until(sql, leaseMs)}
        from free where s.name = free.name returning s.fence::float8 as fence, s.state`
      const [row] = await run(async sql => {
        const rows = await taken(sql)
        if (rows.length > 0) return rows
        const there = await sql`select 1 from substation_app.sync where name = ${sync}`
        if (there.length > 0) return []
        await sql`insert into substation_app.sync (name) values (${sync}) on conflict (name) do nothing`
        return taken(sql)
      })
      return row && { fence: row.fence, leaseMs, ...(row.state === null ? {} : { state: row.state }) }
    },
    renew: (sync, held) => run(sql => renewed(sql, sync, held)),
    async release(sync, { fence }) {
      await run(sql => sql`update substation_app.sync set held_until = null where name = ${sync} and fence = ${fence}`)
    },
    async read(sync) {
      const [row] = await run(
        sql => sql<{ state: string | null; running: boolean }[]>`
          select state, coalesce(held_until > clock_timestamp(), false) as running from substation_app.sync where name = ${sync}`,
      )
      return { running: row?.running ?? false, ...(row?.state ? { state: row.state } : {}) }
    },
    async unit<T>(sync: string, held: Held | undefined, work: (unit: SyncUnit) => Promise<T>): Promise<T> {
      try {
        // Without a limit of time: the work is the caller's.
        const done = await access.sql.begin(async transaction => {
          // The row is locked until the step has ended, so nobody takes over in the middle of it.
          if (held && !(await renewed(transaction, sync, held)))
            throw new SyncError(`Another process has taken over ${sync}: this page was not kept`, { code: 'SYNC_LOST' })
          let result: T
          try {
            result = await work(translating(unitIn(transaction, sync)))
          } catch (error) {
            throw new WorkFailed(error)
          }
          // The work may have taken longer than the lease, in which nobody could take over.
          if (held) await renewed(transaction, sync, held)
          return { result }
        })
        return done.result
      } catch (error) {
        if (error instanceof WorkFailed) throw error.error
        throw syncError(error)
      }
    },
    close: () => access.close(),
  }
}

const until = (sql: Sql | TransactionSql, ms: number) =>
  sql`clock_timestamp() + ${ms}::float8 * interval '1 millisecond'`

async function renewed(sql: Sql | TransactionSql, sync: string, { fence, leaseMs }: Held): Promise<boolean> {
  const rows = await sql`
    update substation_app.sync set held_until = ${until(sql, leaseMs)} where name = ${sync} and fence = ${fence} returning 1`
  return rows.length > 0
}

function unitIn(sql: TransactionSql, sync: string): SyncUnit {
  const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id)
  return {
    in: sql,
    async see(items, order, pass) {
      // In the order of their ids, so that two steps never wait for each other.
      const sorted = items.toSorted((a, b) => (a.id < b.id ? -1 : 1))
      const changed = await sql<{ id: string }[]>`
        insert into substation_app.sync_item as i (sync, id, version, pass)
        select ${sync}, id, version, ${pass ?? null}::text
        from unnest(${ids(sorted)}::text[], ${sorted.map(({ version }) => version)}::text[]) as u (id, version)
        on conflict (sync, id) do update set version = excluded.version, removed = false where ${newer(sql, order)}
        returning id`
      if (pass !== undefined)
        await sql`
          update substation_app.sync_item set pass = ${pass} where sync = ${sync} and id = any(${ids(sorted)}::text[])`
      return new Set(ids(changed))
    },
    async count(pass) {
      const [row] = await sql<[{ known: number; unseen: number }]>`
        select count(*)::float8 as known, (count(*) filter (where pass is distinct from ${pass}))::float8 as unseen
        from substation_app.sync_item where sync = ${sync} and not removed`
      return row
    },
    async forgetUnseen(pass, limit) {
      await sql`
        delete from substation_app.sync_item where sync = ${sync} and removed and pass is distinct from ${pass}`
      return ids(
        await sql<{ id: string }[]>`
          with gone as (
            select id from substation_app.sync_item
            where sync = ${sync} and not removed and pass is distinct from ${pass} order by id limit ${limit} for update
          )
          delete from substation_app.sync_item i using gone where i.sync = ${sync} and i.id = gone.id returning i.id`,
      )
    },
    async forget(id) {
      await sql`delete from substation_app.sync_item where sync = ${sync} and id = ${id}`
    },
    async bury({ id, version }, order) {
      const rows = await sql`
        insert into substation_app.sync_item as i (sync, id, version, removed) values (${sync}, ${id}, ${version}, true)
        on conflict (sync, id) do update set version = excluded.version, removed = true
          where ${newer(sql, order)} or excluded.version = i.version
        returning 1`
      return rows.length > 0
    },
    async state() {
      const [row] = await sql<{ state: string | null }[]>`select state from substation_app.sync where name = ${sync}`
      return row?.state ?? undefined
    },
    async save(state) {
      await sql`update substation_app.sync set state = ${state} where name = ${sync}`
    },
  }
}

/** Its errors become SyncErrors, so that they can be told from those of the work. */
function translating(unit: SyncUnit): SyncUnit {
  const own =
    <Given extends unknown[], Answer>(method: (...given: Given) => Promise<Answer>) =>
    (...given: Given) =>
      method(...given).catch(error => {
        throw syncError(error)
      })
  return {
    ...unit,
    see: own(unit.see),
    count: own(unit.count),
    forgetUnseen: own(unit.forgetUnseen),
    forget: own(unit.forget),
    bury: own(unit.bury),
    state: own(unit.state),
    save: own(unit.save),
  }
}

/** Whether the version that comes is newer than the one kept. */
function newer(sql: TransactionSql, order: VersionOrder) {
  if (order === 'number') return sql`excluded.version::float8 > i.version::float8`
  return order === 'text' ? sql`excluded.version > i.version` : sql`excluded.version <> i.version`
}

function syncError(error: unknown): SyncError {
  if (error instanceof SyncError) return error
  const { kind, message, ...options } = storeFailureOf('Postgres', 'sync', error)
  return new SyncError(message, { ...options, code: kind === 'unreachable' ? 'SYNC_UNREACHABLE' : 'SYNC_REFUSED' })
}
