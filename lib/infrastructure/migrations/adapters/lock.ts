import { setTimeout as pause } from 'node:timers/promises'
import { messageOf } from '../../../core/errors.ts'
import { describeOwner } from '../owner.ts'
import { MigrationError } from '../port.ts'
import { type Connection, freshSession } from './connection.ts'
import { lockIn } from './inspect.ts'
import { type JournalPlace, lockKey } from './journal.ts'

const ASK_EVERY = 250

/**
 * Takes the session's advisory lock. It polls instead of waiting: a waiting statement is an open transaction, for which
 * CREATE INDEX CONCURRENTLY of the lock's owner would wait in turn.
 */
export async function holdLock(
  connection: Connection,
  place: JournalPlace,
  { waitMs = 0, signal }: { waitMs?: number; signal?: AbortSignal },
): Promise<void> {
  await freshSession(connection)
  const key = lockKey(place)
  const until = performance.now() + waitMs
  for (;;) {
    if (signal?.aborted)
      throw new MigrationError(`Aborted while waiting for the lock: ${messageOf(signal.reason)}`, {
        code: 'MIGRATION_ABORTED',
        nextStep: 'Nothing was run.',
      })
    const { rows } = await connection.send('select pg_try_advisory_lock($1, $2) as held', key)
    if (rows[0]?.held === true) return
    if (performance.now() >= until) break
    await pause(ASK_EVERY, undefined, { signal }).catch(() => {})
  }
  const { lock } = await lockIn(connection, place)
  throw new MigrationError(
    lock ? `Migrations are being run by ${describeOwner(lock)}` : 'Migrations are being run by another session',
    {
      code: 'MIGRATION_LOCKED',
      ...(lock ? { owner: lock } : {}),
      nextStep: 'Wait until that run is done; nothing was run.',
    },
  )
}
