import type { Sql, TransactionSql } from 'postgres'
import { connectionCauseOf } from '../../../core/connection-cause.ts'
import { messageOf } from '../../../core/errors.ts'
import { isId, timeOfId } from '../../../core/ids.ts'
import type { PostgresAccess } from '../../kv/index.ts'
import type { Outbox, StoredEvent } from '../outbox.ts'
import { type DomainEvent, EventsError } from '../port.ts'

/** Of the advisory lock that the one sending process has. */
const SENDING = 7_402_115_031
/** How many pending events are counted: counting all of an outbox that is not sent would read all of it, again and again. */
const MOST_PENDING = 10_000
/** Of a count (ms). */
const COUNT_TIMEOUT = 30_000
/** An id is made a moment before its event is stamped (ms). */
const AROUND = 60_000

interface Row extends Omit<StoredEvent, 'at' | 'causationId' | 'correlationId' | 'data'> {
  at: number
  data: string
  correlation_id: string
  causation_id: string | null
}

/** In one table of schema `substation_app`, of the database with the data that events tell of. */
export function postgresOutbox(access: PostgresAccess): Outbox {
  const run = async <T>(query: (sql: Sql) => PromiseLike<T>): Promise<T> => {
    try {
      return await access.run(query)
    } catch (error) {
      throw outboxError(error)
    }
  }
  const columns = (sql: Sql | TransactionSql) => sql`
    position::float8 as position, id, type, version, data, key, source, correlation_id, causation_id,
    (extract(epoch from published_at) * 1000)::float8 as at`
  return {
    async add({ id, type, version, data, at, key, correlationId, causationId, source }, transaction) {
      const insert = (sql: Sql | TransactionSql) => sql`
        insert into substation_app.event_outbox (id, type, version, data, key, source, correlation_id, causation_id, published_at)
        values (${id}, ${type}, ${version}, ${JSON.stringify(data)}, ${key ?? null}, ${source}, ${correlationId}, ${causationId ?? null},
          to_timestamp(${at}::float8 / 1000))`
      // A transaction fails with its own error: it is the caller's.
      if (transaction) await insert(transaction)
      else await run(insert)
    },
    async sendNext(limit, send) {
      // In one statement, since it is asked several times a second and there is mostly nothing to send.
      const [now] = await run(
        sql => sql<{ free: boolean; some: boolean }[]>`
          select pg_try_advisory_xact_lock(${SENDING}) as free,
            exists (select from substation_app.event_outbox where sent_at is null) as some`,
      )
      if (!now?.free) return undefined
      if (!now.some) return 0
      let failure: { error: unknown } | undefined
      const sent = await run(sql =>
        sql.begin(async transaction => {
          const [lock] = await transaction<{ free: boolean }[]>`select pg_try_advisory_xact_lock(${SENDING}) as free`
          if (!lock?.free) return undefined
          const rows = await transaction<Row[]>`
            select ${columns(transaction)} from substation_app.event_outbox where sent_at is null order by position limit ${limit}`
          if (rows.length === 0) return 0
          try {
            await send(rows.map(toEvent))
          } catch (error) {
            failure = { error }
            return 0
          }
          await transaction`
            update substation_app.event_outbox set sent_at = clock_timestamp() where position in ${transaction(rows.map(({ position }) => position))}`
          return rows.length
        }),
      )
      if (failure) throw failure.error
      return sent
    },
    async stored({ from, until }, after, limit) {
      const rows = await run(
        sql => sql<Row[]>`
          select ${columns(sql)} from substation_app.event_outbox
          where position > ${after} and published_at >= to_timestamp(${from}::float8 / 1000) and published_at < to_timestamp(${until}::float8 / 1000)
          order by position limit ${limit}`,
      )
      return rows.map(toEvent)
    },
    async countByType({ from, until }, { timeoutMs = COUNT_TIMEOUT } = {}) {
      const rows = await run(sql =>
        sql.begin(async transaction => {
          // The server ends it: one that is only no longer waited for would go on reading.
          await transaction`select set_config('statement_timeout', ${String(timeoutMs)}, true)`
          return transaction<{ type: string; count: number }[]>`
            select type, count(*)::float8 as count from substation_app.event_outbox
            where published_at >= to_timestamp(${from}::float8 / 1000) and published_at < to_timestamp(${until}::float8 / 1000) group by type`
        }),
      ).catch((error: unknown) => {
        if (error instanceof EventsError && codeOf(error.cause) === QUERY_CANCELED)
          throw new EventsError(`Counting took more than ${timeoutMs / 1_000} s: choose a shorter span of time`, {
            code: 'EVENTS_REFUSED',
            cause: error.cause,
          })
        throw error
      })
      return new Map(rows.map(({ type, count }) => [type, count]))
    },
    async find(id) {
      if (!isId(id)) return undefined
      const published = timeOfId(id)
      // There is an index over when it was published, and the id says when that was.
      const [row] = await run(
        sql => sql<{ type: string; version: number; source: string; at: number; sent: number | null }[]>`
          select type, version, source, (extract(epoch from published_at) * 1000)::float8 as at,
            (extract(epoch from sent_at) * 1000)::float8 as sent
          from substation_app.event_outbox
          where published_at between to_timestamp(${published - AROUND}::float8 / 1000) and to_timestamp(${published + AROUND}::float8 / 1000)
            and id = ${id}`,
      )
      if (!row) return undefined
      const { at, sent, ...rest } = row
      return { ...rest, publishedAt: Math.round(at), ...(sent === null ? {} : { sentAt: Math.round(sent) }) }
    },
    async state() {
      const [row] = await run(
        sql => sql<{ pending: number; oldest: number | null }[]>`
          select
            (select count(*)::float8 from (
              select from substation_app.event_outbox where sent_at is null order by position limit ${MOST_PENDING + 1}
            ) as counted) as pending,
            (select (extract(epoch from published_at) * 1000)::float8
              from substation_app.event_outbox where sent_at is null order by position limit 1) as oldest`,
      )
      const { pending = 0, oldest } = row ?? {}
      return {
        pending: Math.min(pending, MOST_PENDING),
        ...(pending > MOST_PENDING ? { more: true as const } : {}),
        ...(oldest ? { oldestAt: oldest } : {}),
      }
    },
    async database() {
      const [row] = await run(
        sql => sql<{ id: string }[]>`
          select (select system_identifier from pg_control_system()) || '/' || oid as id
          from pg_database where datname = current_database()`,
      )
      return row?.id ?? ''
    },
    async removeSent(olderThanMs, limit) {
      const removed = await run(
        sql => sql`
          with old as (
            select position from substation_app.event_outbox
            where sent_at < clock_timestamp() - ${olderThanMs}::float8 * interval '1 millisecond' order by position limit ${limit}
          )
          delete from substation_app.event_outbox o using old where o.position = old.position returning 1`,
      )
      return removed.length
    },
    close: () => access.close(),
  }
}

function toEvent({ correlation_id, causation_id, data, key, at, ...rest }: Row): StoredEvent {
  const event: DomainEvent = {
    ...rest,
    data: JSON.parse(data),
    at: Math.round(at),
    correlationId: correlation_id,
    ...(key ? { key } : {}),
    ...(causation_id ? { causationId: causation_id } : {}),
  }
  return event as StoredEvent
}

/** Of Postgres: a statement that was ended by its time limit. */
const QUERY_CANCELED = '57014'
const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : undefined)

function outboxError(error: unknown): EventsError {
  if (error instanceof EventsError) return error
  const cause = connectionCauseOf(error)
  if (cause)
    return new EventsError(`Postgres ${cause.words}`, {
      code: 'EVENTS_UNREACHABLE',
      retryable: true,
      nextStep: cause.nextStep,
      cause: error,
    })
  const message = messageOf(error)
  return new EventsError(`Postgres refused it: ${message}`, {
    code: 'EVENTS_REFUSED',
    cause: error,
    ...(/relation "substation_app\./.test(message)
      ? { nextStep: "Run the migrations of libraryMigrations('events') from substation/migrations on this database." }
      : {}),
  })
}
