import type { Sql, TransactionSql } from 'postgres'
import { storeFailureOf } from '../../../core/store-failure.ts'
import type { PostgresAccess } from '../../kv/index.ts'
import { type SagaCounts, SagaError, type SagaState } from '../port.ts'
import { isBack } from '../record.ts'
import { allows, type Held, type Kept, lostError, type SagaStore, type StoredSaga } from '../store.ts'
import { openTransaction } from './open-transaction.ts'

interface Row {
  id: string
  saga: string
  key: string | null
  state: SagaState
  record: string
  asked: string | null
  held: boolean
  started_at: number
  ended_at: number | null
  next_at: number | null
}

/** An error of the step, which passes unchanged. */
class WorkFailed {
  readonly error: unknown
  constructor(error: unknown) {
    this.error = error
  }
}

/** In one table of schema `substation_app`, of the service's own database. */
export function postgresSagaStore(access: PostgresAccess): SagaStore {
  const run = async <T>(query: (sql: Sql) => PromiseLike<T>): Promise<T> => {
    try {
      return await access.run(query)
    } catch (error) {
      throw sagaError(error)
    }
  }
  return {
    shared: true,
    async add({ id, saga, key, record }, transaction) {
      const insert = (sql: Sql | TransactionSql) => sql<{ id: string }[]>`
        insert into substation_app.saga (id, saga, key, state, record, due_at)
        values (${id}, ${saga}, ${key ?? null}, 'running', ${JSON.stringify(record)}, clock_timestamp())
        on conflict (saga, key) where key is not null do nothing returning id`
      const former = (sql: Sql | TransactionSql) => sql<{ id: string }[]>`
        select id from substation_app.saga where saga = ${saga} and key = ${key ?? null}`
      /** The former one may be removed between the two statements. */
      const added = async (sql: Sql | TransactionSql): Promise<string | undefined> => {
        if ((await insert(sql)).length > 0) return undefined
        const [row] = await former(sql)
        return row ? row.id : added(sql)
      }
      try {
        return await (transaction ? added(transaction) : run(added))
      } catch (error) {
        throw sagaError(error)
      }
    },
    async take(sagas, limit, leaseMs) {
      const rows = await run(
        sql => sql<(Row & { fence: number })[]>`
          with due as (
            select id from substation_app.saga
            where due_at <= clock_timestamp() and saga in ${sql(sagas)}
              and (held_until is null or held_until < clock_timestamp())
            order by due_at limit ${limit} for update skip locked
          )
          update substation_app.saga as s set fence = s.fence + 1, held_until = ${until(sql, leaseMs)}
          from due where s.id = due.id returning ${columns(sql)}, s.fence::float8 as fence`,
      )
      return rows.map(row => ({ held: { id: row.id, fence: row.fence, leaseMs }, saga: storedOf(row) }))
    },
    renew: held => run(async sql => (await renewed(sql, held)).length > 0),
    async keep(held, kept) {
      const [row] = await run(sql => updated(sql, held, kept))
      if (!row) throw lostError(held.id)
      return row.asked ? JSON.parse(row.asked) : undefined
    },
    async keepWith(held, work) {
      let isEnded = false
      try {
        // Without a limit of time: the work is the caller's. The row is not locked meanwhile, so the lease is renewed as ever.
        return await access.sql.begin('isolation level read committed', async transaction => {
          let kept: Kept
          try {
            kept = await work(openTransaction(transaction, () => isEnded))
          } catch (error) {
            throw new WorkFailed(error)
          } finally {
            isEnded = true
          }
          // Fenced by this statement: where another has taken over, what the step wrote is rolled back.
          const [row] = await updated(transaction, held, kept)
          if (!row) throw lostError(held.id)
          return row.asked ? JSON.parse(row.asked) : undefined
        })
      } catch (error) {
        if (error instanceof WorkFailed) throw error.error
        throw sagaError(error)
      }
    },
    async release({ id, fence }, { state, record, applied, dueInMs }) {
      const known = applied ? JSON.stringify(applied) : null
      const rows = await run(
        sql => sql`
          update substation_app.saga set state = ${state}, record = ${JSON.stringify(record)}, asked = null, held_until = null,
            due_at = ${dueInMs === undefined ? null : until(sql, dueInMs)},
            ended_at = case when ${state} in ('completed', 'compensated') then clock_timestamp() end
          where id = ${id} and fence = ${fence} and (asked is null or asked = ${known}) returning 1`,
      )
      if (rows.length > 0) return true
      const [row] = await run(sql => sql`select 1 from substation_app.saga where id = ${id} and fence = ${fence}`)
      if (!row) throw lostError(id)
      return false
    },
    async ask(id, act) {
      try {
        return await access.sql.begin(async sql => {
          const [row] = await sql<Row[]>`
            select ${columns(sql)} from substation_app.saga as s where id = ${id} for update`
          if (!row) return undefined
          const { state, held, record, asked } = storedOf(row)
          if (asked || !allows(act.act, { state, held, isBack: isBack(record) })) return { state, asked }
          await sql`
            update substation_app.saga set asked = ${JSON.stringify(act)}, due_at = clock_timestamp() where id = ${id}`
          return 'asked'
        })
      } catch (error) {
        throw sagaError(error)
      }
    },
    async find(id) {
      const [row] = await run(sql => sql<Row[]>`select ${columns(sql)} from substation_app.saga as s where id = ${id}`)
      return row && storedOf(row)
    },
    async list({ saga, state, before, limit }) {
      const rows = await run(
        sql => sql<Row[]>`
          select ${columns(sql)} from substation_app.saga as s
          where true ${saga === undefined ? sql`` : sql`and saga = ${saga}`}
            ${state === undefined ? sql`` : sql`and state = ${state}`}
            ${before === undefined ? sql`` : sql`and id < ${before}`}
          order by id desc limit ${limit}`,
      )
      return rows.map(storedOf)
    },
    async counts(sagas) {
      const rows = await run(
        sql => sql<(Omit<SagaCounts, 'waitingSince'> & { saga: string; since: number | null })[]>`
          select saga,
            (count(*) filter (where state = 'running'))::float8 as running,
            (count(*) filter (where state = 'compensating'))::float8 as compensating,
            (count(*) filter (where state = 'failed'))::float8 as failed,
            (count(*) filter (where state = 'completed'))::float8 as completed,
            (count(*) filter (where state = 'compensated'))::float8 as compensated,
            min(${ms(sql, sql`due_at`)}) filter (where due_at < clock_timestamp()
              and (held_until is null or held_until < clock_timestamp())) as since
          from substation_app.saga
          where saga in ${sql(sagas)} and (state not in ('completed', 'compensated') or ended_at > clock_timestamp() - interval '1 day')
          group by saga`,
      )
      return new Map(
        rows.map(({ saga, since, ...counts }) => [
          saga,
          { ...counts, ...(since === null ? {} : { waitingSince: since }) },
        ]),
      )
    },
    async removeEnded(olderThanMs, limit) {
      const removed = await run(
        sql => sql`
          with old as (
            select id from substation_app.saga
            where ended_at < clock_timestamp() - ${olderThanMs}::float8 * interval '1 millisecond'
            order by ended_at limit ${limit} for update skip locked
          )
          delete from substation_app.saga s using old where s.id = old.id returning 1`,
      )
      return removed.length
    },
    close: () => access.close(),
  }
}

const until = (sql: Sql | TransactionSql, ms: number) =>
  sql`clock_timestamp() + ${ms}::float8 * interval '1 millisecond'`

const ms = (sql: Sql | TransactionSql, time: ReturnType<Sql>) => sql`extract(epoch from ${time})::float8 * 1000`

const columns = (sql: Sql | TransactionSql) => sql`
  s.id, s.saga, s.key, s.state, s.record, s.asked, coalesce(s.held_until > clock_timestamp(), false) as held,
  ${ms(sql, sql`s.started_at`)} as started_at, ${ms(sql, sql`s.ended_at`)} as ended_at, ${ms(sql, sql`s.due_at`)} as next_at`

const renewed = (sql: Sql | TransactionSql, { id, fence, leaseMs }: Held) => sql`
  update substation_app.saga set held_until = ${until(sql, leaseMs)} where id = ${id} and fence = ${fence} returning 1`

const updated = (sql: Sql | TransactionSql, { id, fence, leaseMs }: Held, { state, record, applied }: Kept) => sql<
  { asked: string | null }[]
>`
  update substation_app.saga set state = ${state}, record = ${JSON.stringify(record)}, ended_at = null,
    asked = nullif(asked, ${applied ? JSON.stringify(applied) : null}), held_until = ${until(sql, leaseMs)}
  where id = ${id} and fence = ${fence} returning asked`

function storedOf(row: Row): StoredSaga {
  return {
    id: row.id,
    saga: row.saga,
    ...(row.key === null ? {} : { key: row.key }),
    state: row.state,
    record: JSON.parse(row.record),
    held: row.held,
    startedAt: row.started_at,
    ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
    ...(row.next_at === null ? {} : { nextAt: row.next_at }),
    ...(row.asked === null ? {} : { asked: JSON.parse(row.asked) }),
  }
}

function sagaError(error: unknown): SagaError {
  if (error instanceof SagaError) return error
  const { kind, message, ...options } = storeFailureOf('Postgres', 'saga', error)
  return new SagaError(message, { ...options, code: kind === 'unreachable' ? 'SAGA_UNREACHABLE' : 'SAGA_REFUSED' })
}
