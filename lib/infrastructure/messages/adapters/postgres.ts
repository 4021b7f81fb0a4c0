import type { PostgresAccess } from '../../kv/index.ts'
import type { ClaimedMessage, MessageCount, MessageEvent } from '../port.ts'
import type { MessageStore } from '../store.ts'
import { postgresNotes } from './postgres-notes.ts'
import {
  type AnySql,
  columns,
  contentColumns,
  json,
  messageOf,
  messageWithContentOf,
  ms,
  queriesOf,
  type Row,
  time,
  withoutNulls,
} from './postgres-rows.ts'
import { postgresSuppressions } from './postgres-suppressions.ts'

type ContentRow = Row & { content: string; lookup: string }

/** In tables of schema `substation_app`, of the service's own database. */
export function postgresMessageStore(access: PostgresAccess): MessageStore {
  const run = queriesOf(access)
  return {
    shared: true,
    async add(messages, transaction) {
      const rows = await run(
        sql => sql<Row[]>`
          with given as (
            select * from jsonb_to_recordset(${json(sql, messages)}) as g (id text, channel text, recipients jsonb, keys jsonb, title text,
              template text, status text, "notificationId" text, "batchId" text, "idempotencyKey" text, "scheduledFor" float8, content jsonb,
              event jsonb)
          ), m as (
            insert into substation_app.message as m (id, channel, recipients, recipient_keys, title, template, status, notification_id,
              batch_id, idempotency_key, scheduled_for, content)
            select id, channel, recipients, keys, title, template, status, "notificationId", "batchId", "idempotencyKey",
              to_timestamp("scheduledFor" / 1000), content
            from given order by channel, "idempotencyKey"
            -- Nothing changes: a row that was not written would not be returned.
            on conflict (channel, idempotency_key) where idempotency_key is not null do update set channel = m.channel
            returning *
          ), noted as (
            insert into substation_app.message_event (id, message_id, kind, detail)
            select event ->> 'id', m.id, event ->> 'kind', event -> 'detail' from m join given using (id)
          )
          select ${columns(sql)} from m`,
        transaction,
      )
      return rows.map(messageOf)
    },
    ...postgresNotes(run),
    async act(id, { from, to, scheduledFor, event, staleMs }, transaction) {
      const rows = await run(
        sql => sql<{ status: Row['status']; done: boolean }[]>`
          with m as (select id, status, held_until, updated_at from substation_app.message where id = ${id} for update),
          moved as (
            update substation_app.message u set status = ${to}, held_until = null, updated_at = clock_timestamp(),
              scheduled_for = coalesce(${time(sql, scheduledFor)}, u.scheduled_for)
            from m where u.id = m.id and (m.status in ${sql(from)} or (m.status = 'sending' and m.held_until is null
              and m.updated_at < clock_timestamp() - ${staleMs ?? null}::float8 * interval '1 millisecond')) returning u.id
          ), noted as (
            insert into substation_app.message_event (id, message_id, kind, detail)
            select ${event?.id ?? null}, id, ${event?.kind ?? null}, ${json(sql, event?.detail ?? {})} from moved where ${event !== undefined}
          )
          select m.status, exists (select from moved) as done from m`,
        transaction,
      )
      return rows[0]?.done ? { done: true } : { done: false, status: rows[0]?.status }
    },
    async find(by) {
      const [row] = await run(
        sql => sql<ContentRow[]>`
          select ${contentColumns(sql)} from substation_app.message m
          where ${'id' in by ? sql`m.id = ${by.id}` : sql`m.channel = ${by.channel} and m.idempotency_key = ${by.key}`}`,
      )
      return row && messageWithContentOf(row)
    },
    async events(id) {
      const rows = await run(
        sql => sql<(Record<string, unknown> & { detail: string })[]>`
          select e.id, e.message_id as "messageId", ${ms(sql, sql`e.at`)} as at, e.kind, e.provider, e.detail::text as detail
          from substation_app.message_event e where e.message_id = ${id}
          -- Times that a process gives have no microseconds: within one millisecond the ids tell the order.
          order by date_trunc('milliseconds', e.at), e.id`,
      )
      return rows.map(row => withoutNulls<MessageEvent>({ ...row, detail: JSON.parse(row.detail) }))
    },
    async list({ key, from, until, channel, status, provider, template, notificationId, batchId }, before, limit) {
      const rows = await run(sql => {
        const and = (value: string | undefined, name: ReturnType<AnySql>) =>
          value === undefined ? sql`` : sql`and ${name} = ${value}`
        return sql<Row[]>`
          select ${columns(sql)} from substation_app.message m
          where true ${and(channel, sql`m.channel`)} ${and(status, sql`m.status`)} ${and(provider, sql`m.provider`)}
            ${and(template, sql`m.template`)} ${and(notificationId, sql`m.notification_id`)} ${and(batchId, sql`m.batch_id`)}
            ${key === undefined ? sql`` : sql`and m.recipient_keys @> ${json(sql, [key])}`}
            ${from === undefined ? sql`` : sql`and m.created_at >= ${time(sql, from)}`}
            ${until === undefined ? sql`` : sql`and m.created_at < ${time(sql, until)}`}
            ${before === undefined ? sql`` : sql`and m.id < ${before}`}
          order by m.id desc limit ${limit}`
      })
      return rows.map(messageOf)
    },
    async counts(since) {
      const rows = await run(
        sql => sql`
          select channel, provider, status, count(*)::float8 as count from substation_app.message
          where created_at >= ${time(sql, since)} group by channel, provider, status`,
      )
      return rows.map(row => withoutNulls<MessageCount>(row))
    },
    async claimDue(channel, limit, leaseMs) {
      const rows = await run(
        sql => sql<(ContentRow & { interrupted: boolean })[]>`
          with due as (
            select id, status from substation_app.message
            where channel = ${channel} and status in ('scheduled', 'sending') and scheduled_for <= clock_timestamp()
              and (status = 'scheduled' or held_until < clock_timestamp())
            order by scheduled_for limit ${limit} for update skip locked
          ), m as (
            update substation_app.message u set status = 'sending', updated_at = clock_timestamp(),
              held_until = clock_timestamp() + ${leaseMs}::float8 * interval '1 millisecond'
            from due where u.id = due.id returning u.*, due.status = 'sending' as interrupted
          )
          select ${contentColumns(sql)}, m.interrupted from m order by m.scheduled_for`,
      )
      return rows.map((row): ClaimedMessage => ({ ...messageWithContentOf(row), interrupted: row.interrupted }))
    },
    ...postgresSuppressions(run),
    async removeOlderThan(age, limit) {
      const removed = await run(
        sql => sql`
          with old as (
            select id from substation_app.message
            where created_at < clock_timestamp() - ${age}::float8 * interval '1 millisecond'
              and (scheduled_for is null or scheduled_for < clock_timestamp() - ${age}::float8 * interval '1 millisecond')
            order by created_at limit ${limit} for update skip locked
          )
          delete from substation_app.message m using old where m.id = old.id returning 1`,
      )
      return removed.length
    },
    close: () => access.close(),
  }
}
