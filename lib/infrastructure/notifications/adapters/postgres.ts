import type { Sql, TransactionSql } from 'postgres'
import type { PostgresAccess } from '../../kv/index.ts'
import type { NotificationState, Notified } from '../port.ts'
import {
  type Held,
  lostError,
  type NewNotifications,
  type NotificationStore,
  type StoredNotification,
} from '../store.ts'
import { postgresPreferences } from './postgres-preferences.ts'
import { asStored, type Run, removedOlder } from './postgres-run.ts'

interface Row {
  id: string
  recipient: string
  type: string
  state: NotificationState
  batch: string | null
  items: string[]
  record: string
  due_at: number | null
  created_at: number
  ended_at: number | null
}

/** In tables of schema `substation_app`, of the service's own database. */
export function postgresNotifications(access: PostgresAccess): NotificationStore {
  const run: Run = query => asStored(() => access.run(query))
  return {
    add: (given, transaction) =>
      transaction ? asStored(() => added(transaction, given)) : run(sql => added(sql, given)),
    async due(limit, queuedForMs) {
      return run(
        sql => sql<{ id: string; fence: number; urgent: boolean }[]>`
          with due as (
            select id from substation_app.notification
            where due_at <= clock_timestamp() and (queued_until is null or queued_until <= clock_timestamp())
              and (held_until is null or held_until <= clock_timestamp())
            order by due_at limit ${limit} for update skip locked
          )
          update substation_app.notification n set queued_until = ${until(sql, queuedForMs)}
          from due where n.id = due.id
          returning n.id, n.fence::float8 as fence, n.record::json -> 'message' ->> 'priority' = 'urgent' as urgent`,
      )
    },
    async take(id, leaseMs) {
      const [row] = await run(
        sql => sql<(Row & { fence: number })[]>`
          update substation_app.notification n set fence = fence + 1, held_until = ${until(sql, leaseMs)},
            queued_until = ${until(sql, leaseMs)}, state = 'sending', digest_key = null
          where id = ${id} and due_at <= clock_timestamp() and (held_until is null or held_until <= clock_timestamp())
          returning ${columns(sql)}, fence::float8 as fence`,
      )
      return row && { held: { id, fence: row.fence, leaseMs }, notification: storedOf(row) }
    },
    async renew({ id, fence, leaseMs }) {
      const rows = await run(
        sql => sql`
          update substation_app.notification set held_until = ${until(sql, leaseMs)}
          where id = ${id} and fence = ${fence} and ended_at is null returning 1`,
      )
      return rows.length > 0
    },
    async keep({ id, fence, leaseMs }, record) {
      const [row] = await run(
        sql => sql<{ asked: boolean }[]>`
          update substation_app.notification set record = ${JSON.stringify(record)}, held_until = ${until(sql, leaseMs)}
          where id = ${id} and fence = ${fence} and ended_at is null returning cancel_asked as asked`,
      )
      if (!row) throw lostError(id)
      return row.asked
    },
    async release({ id, fence }: Held, record, outcome) {
      const dueInMs = 'dueInMs' in outcome ? outcome.dueInMs : undefined
      const rows = await run(
        sql => sql`
          update substation_app.notification set record = ${JSON.stringify(record)}, held_until = null, queued_until = null,
            ${
              dueInMs === undefined
                ? sql`state = ${outcome.state}, due_at = null, ended_at = clock_timestamp()`
                : sql`state = case when cancel_asked then 'cancelled' else ${outcome.state} end,
                    due_at = case when not cancel_asked then ${until(sql, dueInMs)} end,
                    ended_at = case when cancel_asked then clock_timestamp() end`
            }
          where id = ${id} and fence = ${fence} and ended_at is null returning 1`,
      )
      if (rows.length === 0) throw lostError(id)
    },
    async cancel(id) {
      const [row] = await run(
        sql => sql<{ state: NotificationState }[]>`
          with held as (
            select id, coalesce(held_until > clock_timestamp(), false) as held
            from substation_app.notification where id = ${id} and ended_at is null for update
          )
          update substation_app.notification n set cancel_asked = true,
            state = case when held then state else 'cancelled' end, due_at = case when held then due_at end,
            digest_key = null, ended_at = case when not held then clock_timestamp() end
          from held where n.id = held.id returning state`,
      )
      if (!row) return false
      return row.state === 'cancelled' ? 'cancelled' : 'asked'
    },
    async find(id) {
      const [row] = await run(
        sql => sql<Row[]>`select ${columns(sql)} from substation_app.notification n where id = ${id}`,
      )
      return row && storedOf(row)
    },
    async list({ recipient, batch, state, before, limit }) {
      const rows = await run(
        sql => sql<Row[]>`
          select ${columns(sql)} from substation_app.notification n
          where true ${recipient === undefined ? sql`` : sql`and recipient = ${recipient}`}
            ${batch === undefined ? sql`` : sql`and batch = ${batch}`}
            ${state === undefined ? sql`` : sql`and state = ${state}`}
            ${before === undefined ? sql`` : sql`and id < ${before}`}
          order by id desc limit ${limit}`,
      )
      return rows.map(storedOf)
    },
    async batch(id) {
      const rows = await run(
        sql => sql<{ state: NotificationState; count: number }[]>`
          select state, count(*)::int as count from substation_app.notification where batch = ${id} group by state`,
      )
      return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
    },
    async removeEnded(olderThanMs, limit) {
      await run(sql => sql`delete from substation_app.notification_key where until <= clock_timestamp()`)
      return removedOlder(run, { table: 'notification', by: 'ended_at', ageMs: olderThanMs, limit })
    },
    preferences: postgresPreferences(run),
    close: () => access.close(),
  }
}

async function added(sql: Sql | TransactionSql, given: NewNotifications): Promise<Notified[]> {
  const { rows, type, record, dueAt, batch = null, dedupe, digest } = given
  const recipients = rows.map(({ recipient }) => recipient)
  const due = dueAt === undefined ? sql`clock_timestamp()` : sql`to_timestamp(${dueAt}::float8 / 1000)`
  const found = await sql<{ recipient: string; id: string }[]>`
    with given as (select * from json_to_recordset(${JSON.stringify(rows)}::text::json) as g (id text, recipient text))
    ${
      dedupe
        ? sql`, claimed as (
            insert into substation_app.notification_key as k (recipient, key, notification, until)
            select recipient, ${dedupe.key}, id, ${until(sql, dedupe.windowMs)} from given order by recipient
            on conflict (recipient, key) do update set notification = excluded.notification, until = excluded.until
            where k.until <= clock_timestamp() returning notification as id)`
        : sql``
    }
    insert into substation_app.notification as n (id, recipient, type, state, batch, digest_key, items, record, due_at)
    select id, recipient, ${type}, 'waiting', ${batch}, ${digest?.key ?? null},
      ${digest ? sql`array[${digest.item}]` : sql`array[]::text[]`}, ${JSON.stringify(record)}, ${due}
    from given ${dedupe ? sql`where id in (select id from claimed)` : sql``} order by recipient
    ${
      digest
        ? sql`on conflict (recipient, digest_key) where digest_key is not null do update set items = n.items || excluded.items`
        : sql``
    }
    returning recipient, id`
  const byRecipient = new Map(found.map(row => [row.recipient, row.id]))
  const missing = recipients.filter(recipient => !byRecipient.has(recipient))
  const former =
    dedupe && missing.length > 0
      ? await sql<{ recipient: string; notification: string }[]>`
          select recipient, notification from substation_app.notification_key
          where key = ${dedupe.key} and recipient in ${sql(missing)}`
      : []
  const formerId = new Map(former.map(row => [row.recipient, row.notification]))
  return rows.map(({ id: own, recipient }) => {
    const id = byRecipient.get(recipient)
    if (id === undefined) return { recipient, id: formerId.get(recipient) ?? own, outcome: 'duplicate' }
    return { recipient, id, outcome: id === own ? 'added' : 'collected' }
  })
}

const until = (sql: Sql | TransactionSql, ms: number) =>
  sql`clock_timestamp() + ${ms}::float8 * interval '1 millisecond'`

const ms = (sql: Sql, column: string) => sql`round(extract(epoch from ${sql(`n.${column}`)}) * 1000)::float8`

const columns = (sql: Sql) => sql`n.id, n.recipient, n.type, n.state, n.batch, n.items, n.record,
  ${ms(sql, 'due_at')} as due_at, ${ms(sql, 'created_at')} as created_at, ${ms(sql, 'ended_at')} as ended_at`

function storedOf({ due_at, created_at, ended_at, batch, record, ...row }: Row): StoredNotification {
  return {
    ...row,
    record: JSON.parse(record),
    ...(batch === null ? {} : { batch }),
    ...(due_at === null ? {} : { dueAt: due_at }),
    createdAt: created_at,
    ...(ended_at === null ? {} : { endedAt: ended_at }),
  }
}
