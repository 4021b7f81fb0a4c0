import { toDatabaseError } from '../../../../infrastructure/database/index.ts'
import {
  indexesQuestion,
  type Maintenance,
  type MaintenanceDone,
  runMaintenance,
  sizesQuestion,
  tablesQuestion,
} from '../../../../infrastructure/insight/index.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import type { RunControl, RunOutcome } from '../../../platform/operation/define.ts'
import { writeFirst } from '../../../platform/operation/write-first.ts'
import { reasonOf } from '../../../platform/part/reason.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { OWN_APPLICATION } from '../../../servers/postgres/servers.ts'
import { addressForActs, databaseOf } from './target.ts'

/** Runs one statement on a watched database, with its progress in the run and what Postgres says of it in the ledger. */
export async function maintain(
  environment: ConsoleEnvironment,
  database: string,
  what: Maintenance,
  control: RunControl,
): Promise<MaintenanceDone> {
  const seen = new Set<string>()
  await writeFirst(control, what.statement, 'pending')
  try {
    const done = await runMaintenance(what, {
      url: addressForActs(environment, database),
      application: `${OWN_APPLICATION}-act`,
      signal: control.signal,
      onProgress({ phase, done = 0, total, waiting }) {
        control.progress({ done, ...(total === undefined ? {} : { total }), note: phase })
        // The same sessions, however old they have become.
        const who = waiting?.match(/pid \d+/g)?.join()
        if (waiting === undefined || who === undefined || seen.has(who)) return
        seen.add(who)
        void control.item(`waiting ${seen.size}`, 'done', waiting)
      },
    })
    for (const [at, notice] of done.notices.slice(0, 20).entries())
      await control.item(`notice ${at + 1}`, 'done', notice)
    for (const index of done.dropped)
      await control.item(`dropped ${index}`, 'done', 'an INVALID index that a failed build left')
    await control.item(what.statement, done.failed ? 'failed' : 'done', done.failed?.message)
    return done
  } catch (error) {
    await control.item(what.statement, 'skipped', 'not sent')
    // An operator who aborts it before it is sent has not found the server unreachable.
    if (control.signal.aborted) return { dropped: [], left: [], notices: [], failed: toDatabaseError(error) }
    throw new RefusalError({
      code: 'unavailable',
      message: `${database} could not be reached: ${reasonOf(`Postgres ${database}`, error)}. Nothing was done.`,
      nextStep: `Check that Postgres ${database} is running and reachable from the console.`,
    })
  } finally {
    await readAgain(environment, database)
  }
}

/** What pages show of it is older than the act. */
async function readAgain(environment: ConsoleEnvironment, database: string): Promise<void> {
  const server = databaseOf(environment, database)
  await Promise.all([
    server.read(indexesQuestion, { maxAge: 0 }),
    server.read(tablesQuestion, { maxAge: 0 }),
    server.read(sizesQuestion, { maxAge: 0 }),
  ])
}

export const LOST_AFTER_SENDING = 'the connection was lost after it was sent'

/** What became of an act that failed or was aborted. */
export function failureOf({ failed, left, uncertain }: MaintenanceDone, control: RunControl, what: string): RunOutcome {
  const leftovers =
    left.length > 0
      ? ` The INVALID index ${left.join(', ')} could not be dropped: drop it when older transactions have ended.`
      : ''
  if (uncertain)
    return {
      status: 'unknown',
      summary: `${what}: ${LOST_AFTER_SENDING} (${failed?.message}). Whether it completed is not known.${leftovers}`,
    }
  if (control.signal.aborted) return { status: 'aborted', summary: `${what} was aborted.${leftovers}` }
  const waited = failed?.sqlState === '55P03'
  const why = waited
    ? 'another session held a lock, or an older transaction did not end, for longer than it may wait'
    : failed?.message
  return { status: left.length > 0 ? 'partial' : 'failed', summary: `${what} failed: ${why}.${leftovers}` }
}
