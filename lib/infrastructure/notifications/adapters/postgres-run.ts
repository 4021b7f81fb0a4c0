import type { Sql } from 'postgres'
import { storeFailureOf } from '../../../core/store-failure.ts'
import { NotificationError } from '../errors.ts'

export type Run = <T>(query: (sql: Sql) => PromiseLike<T>) => Promise<T>

/** The outcome, or a NotificationError. */
export async function asStored<T>(query: () => PromiseLike<T>): Promise<T> {
  try {
    return await query()
  } catch (error) {
    if (error instanceof NotificationError) throw error
    const { kind, message, ...options } = storeFailureOf('Postgres', 'notifications', error)
    throw new NotificationError(message, {
      ...options,
      code: kind === 'unreachable' ? 'NOTIFICATION_STORE_UNREACHABLE' : 'NOTIFICATION_STORE_REFUSED',
    })
  }
}
