import { setTimeout as pause } from 'node:timers/promises'
import {
  describeOwner,
  type MigrateOptions,
  type MigrationDone,
  type MigrationEntry,
  MigrationError,
  type MigrationStatus,
} from '../../../../infrastructure/migrations/index.ts'
import { counted } from '../../../platform/counted.ts'
import type { RunControl, RunOutcome } from '../../../platform/operation/define.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import type { MigrationDatabase } from '../port.ts'
import { LINE_MARK } from '../runs.ts'
import { migrationLedger } from './ledger.ts'
import { fingerprintOf, refusalOf, sentence } from './target.ts'

type Direction = 'up' | 'down'
const DID: Record<Direction, string> = { up: 'Applied', down: 'Rolled back' }
const STATE: Record<Direction, string> = { up: 'applied', down: 'rolled back' }

/** Plans, runs with the output going to the ledger, and returns the outcome. */
export async function carryOut(
  database: MigrationDatabase,
  direction: Direction,
  planOf: (status: MigrationStatus) => readonly MigrationEntry[],
  control: RunControl,
  act: (options: MigrateOptions) => Promise<MigrationDone[]>,
): Promise<RunOutcome> {
  const planned = await database
    .status()
    .then(status => planOf(status).map(entry => entry.name))
    .catch(error => {
      throw refusalOf(database.name, error)
    })
  const ledger = migrationLedger(control, planned)
  await ledger.plan()
  const reached = new Set<string>()
  try {
    const done = await act({
      by: control.actor.name,
      signal: control.signal,
      confirm: plan => refuseOther(database.name, plan, direction, control.confirmed),
      onOutput(output) {
        reached.add(output.migration)
        ledger.onOutput(output)
      },
    })
    return {
      status: 'succeeded',
      summary:
        done.length === 0
          ? `Nothing was left to do in ${database.name}: someone else has done it.`
          : `${DID[direction]} ${listed(done)} in ${database.name}.`,
    }
  } catch (error) {
    if (!(error instanceof MigrationError)) throw refusalOf(database.name, error)
    const before =
      error.done.length > 0
        ? ` ${listed(error.done)} ${error.done.length === 1 ? 'stays' : 'stay'} ${STATE[direction]}.`
        : ''
    const summary = [sentence(error.message), error.nextStep && sentence(error.nextStep)].filter(Boolean).join(' ')
    const begun = error.migration !== undefined && reached.has(error.migration)
    return {
      status: statusOf(error),
      summary: `${summary}${before || (begun ? '' : ' Nothing was done.')}`,
    }
  } finally {
    await ledger.close(reached)
  }
}

function statusOf({ code, left, done }: MigrationError): RunOutcome['status'] {
  if (left === 'unknown') return 'unknown'
  if (code === 'MIGRATION_ABORTED') return 'aborted'
  return done.length > 0 || left === 'all' ? 'partial' : 'failed'
}

/** Another console may run it, with a folder of its own, and some time after it was confirmed. */
export function refuseOther(
  database: string,
  plan: readonly MigrationEntry[],
  direction: Direction,
  confirmed: string | undefined,
): void {
  if (confirmed === undefined || fingerprintOf(plan, direction) === confirmed) return
  throw new RefusalError({
    code: 'set_grew',
    message: `What would be run in ${database} is no longer what was confirmed: its journal has changed, or the console that runs it has different files. Nothing was done.`,
    nextStep: 'Check the new preview; all consoles must have the same migrations.',
  })
}

/** How long a backend whose console was lost may go on before its outcome counts as unknown (ms). */
const WAIT_FOR_LOCK = 30_000

/**
 * After the console was lost: Postgres ends what its session did, so once the lock is free the journal shows the outcome. The ledger shows
 * what was planned; it was written before anything was done.
 */
export async function settleFromJournal(
  database: MigrationDatabase,
  direction: Direction,
  control: RunControl,
): Promise<RunOutcome | undefined> {
  const planned = [...control.prior.keys()].filter(key => !key.includes(LINE_MARK))
  if (planned.length === 0)
    return { status: 'failed', summary: 'The console stopped before the first migration began. Nothing was done.' }
  const status = await whenFree(database, control.signal)
  if (status.lock)
    return {
      status: 'unknown',
      summary: `The console stopped while this was running, and ${describeOwner(status.lock)} is still migrating ${database.name}. Check the database before doing it again.`,
    }
  const entryOf = (name: string) => status.migrations.find(candidate => candidate.name === name)
  const isDone = (name: string) => (direction === 'up') === (entryOf(name)?.applied !== undefined)
  // In the planned order: only the first that is not in the journal can have been under way.
  const order = status.migrations.map(({ name }) => name)
  if (direction === 'down') order.reverse()
  planned.sort((one, other) => order.indexOf(one) - order.indexOf(other))
  const done = planned.filter(isDone)
  const [first, ...later] = planned.filter(name => !isDone(name))
  const evidence = `The console stopped while this was running. By the journal of ${database.name}`
  for (const name of done) await control.item(name, 'done', 'found in the journal after the console stopped')
  if (first === undefined) return { status: 'succeeded', summary: `${evidence}, all was done: ${done.join(', ')}.` }
  const were = done.length > 0 ? `${done.join(', ')} ${done.length === 1 ? 'was' : 'were'} done, and ` : ''
  for (const name of later) await control.item(name, 'failed', 'not in the journal: nothing of it remains')
  const { file } = entryOf(first) ?? {}
  const script = direction === 'up' ? file?.up : file?.down
  if (!script || script.alone) {
    await control.item(first, 'silent', 'the journal does not show whether it was done')
    const invalid = status.invalidIndexes.map(({ schema, name }) => `${schema}.${name}`)
    const why = script ? 'it runs outside a transaction' : 'this console does not have its file'
    const seen = invalid.length > 0 ? ` INVALID here: ${invalid.slice(0, 5).join(', ')}.` : ''
    return {
      status: 'unknown',
      summary: `${evidence}, ${were}the outcome of ${first} is not known: ${why}, so it may have been done, in part or whole.${seen} Check what it changes before doing it again.`,
    }
  }
  await control.item(first, 'failed', 'not in the journal: nothing of it remains')
  return {
    status: done.length > 0 ? 'partial' : 'failed',
    summary: `${evidence}, ${were}nothing remains of ${[first, ...later].join(', ')}.`,
  }
}

async function whenFree(database: MigrationDatabase, signal: AbortSignal): Promise<MigrationStatus> {
  const until = performance.now() + WAIT_FOR_LOCK
  for (;;) {
    const status = await database.status()
    if (!status.lock || signal.aborted || performance.now() > until) return status
    await pause(500, undefined, { signal }).catch(() => {})
  }
}

function listed(done: readonly MigrationDone[]): string {
  return done.length <= 3 ? done.map(({ name }) => name).join(', ') : counted(done.length, 'migration')
}
