import type { Sql, TransactionSql } from 'postgres'
import { storeFailureOf } from '../../../core/store-failure.ts'
import type { PostgresAccess } from '../../kv/index.ts'
import { type Message, MessagesError, type MessageWithContent } from '../port.ts'

export type AnySql = Sql | TransactionSql

export interface Row {
  id: string
  channel: Message['channel']
  recipients: string
  title: string | null
  template: string | null
  status: Message['status']
  provider: string | null
  provider_message_id: string | null
  notification_id: string | null
  batch_id: string | null
  idempotency_key: string | null
  scheduled_for: number | null
  created_at: number
  updated_at: number
  attempts: number
  last_error: string | null
}

export const ms = (sql: AnySql, time: ReturnType<Sql>) => sql`extract(epoch from ${time})::float8 * 1000`

export const time = (sql: AnySql, at: number | undefined) => sql`to_timestamp(${at ?? null}::float8 / 1000)`

/** JSON as text: a pool that drizzle shares passes JSON on as it is. */
export const json = (sql: AnySql, value: unknown) => sql`${JSON.stringify(value)}::text::jsonb`

/** Of `message as m`; JSON as text, whatever the parsers of the pool. */
export const columns = (sql: AnySql) => sql`
  m.id, m.channel, m.recipients::text as recipients, m.title, m.template, m.status, m.provider, m.provider_message_id, m.notification_id,
  m.batch_id, m.idempotency_key, ${ms(sql, sql`m.scheduled_for`)} as scheduled_for, ${ms(sql, sql`m.created_at`)} as created_at,
  ${ms(sql, sql`m.updated_at`)} as updated_at, m.attempts, m.last_error`

export const contentColumns = (sql: AnySql) => sql`
  ${columns(sql)}, m.content::text as content, m.recipient_keys::text as lookup`

export function messageOf(row: Row): Message {
  return withoutNulls<Message>({
    id: row.id,
    channel: row.channel,
    recipients: JSON.parse(row.recipients),
    title: row.title,
    template: row.template,
    status: row.status,
    provider: row.provider,
    providerMessageId: row.provider_message_id,
    notificationId: row.notification_id,
    batchId: row.batch_id,
    idempotencyKey: row.idempotency_key,
    scheduledFor: row.scheduled_for,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    attempts: row.attempts,
    lastError: row.last_error,
  })
}

export function messageWithContentOf(row: Row & { content: string; lookup: string }): MessageWithContent {
  return { ...messageOf(row), content: JSON.parse(row.content), lookup: JSON.parse(row.lookup) }
}

export function withoutNulls<T>(row: Record<string, unknown>): T {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as T
}

/** Runs a query in the pool, within its time, or in the caller's transaction. */
export function queriesOf(access: PostgresAccess) {
  return async <T>(query: (sql: AnySql) => PromiseLike<T>, transaction?: TransactionSql): Promise<T> => {
    try {
      return await (transaction ? query(transaction) : access.run(query))
    } catch (error) {
      const { kind, message, ...options } = storeFailureOf('Postgres', 'messages', error)
      const code = kind === 'unreachable' ? 'MESSAGES_UNREACHABLE' : 'MESSAGES_REFUSED'
      throw new MessagesError(message, { ...options, code })
    }
  }
}

export type Queries = ReturnType<typeof queriesOf>
