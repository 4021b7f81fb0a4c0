import type { Sql } from 'postgres'
import { storeFailureOf } from '../../../core/store-failure.ts'
import { NotificationError } from '../errors.ts'

export type Run = <T>(query: (sql: Sql) => PromiseLike<T>) => Promise<T>

/** The outcome, or a NotificationError. */
export async function asStored<T>(query: () => PromiseLike<T>): Promise<T> {
  try {
    return await query()
  } catch (error) {
    const { kind, message, ...options } = storeFailureOf('Postgres', 'notifications', error)
    throw new NotificationError(message, {
      ...options,
      code: kind === 'unreachable' ? 'NOTIFICATION_STORE_UNREACHABLE' : 'NOTIFICATION_STORE_REFUSED',
    })
  }
}

interface Older {
  table: 'notification' | 'notification_inbox'
  by: 'ended_at' | 'added_at'
  ageMs: number
  limit: number
}

/** Removes the oldest rows first, and leaves those that another process removes. How many. */
export async function removedOlder(run: Run, { table, by, ageMs, limit }: Older): Promise<number> {
  const removed = await run(
    sql => sql`
      with old as (
        select id from ${sql(`substation_app.${table}`)}
        where ${sql(by)} < clock_timestamp() - ${ageMs}::float8 * interval '1 millisecond'
        order by ${sql(by)} limit ${limit} for update skip locked
      )
      delete from ${sql(`substation_app.${table}`)} using old where ${sql(`${table}.id`)} = old.id returning 1`,
  )
  return removed.length
}
