import { createHash } from 'node:crypto'
import {
  describeFinding,
  describeOwner,
  type Finding,
  findingsAbout,
  type MigrationEntry,
  MigrationError,
  type MigrationStatus,
  obstacleOf,
} from '../../../../infrastructure/migrations/index.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import type { PreviewText } from '../../../platform/operation/wire.ts'
import { reasonOf } from '../../../platform/part/reason.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import type { MigrationDatabase } from '../port.ts'
import { Migrations } from '../resource.ts'

/** The most SQL text in a dialog; the page shows all of it. */
const TEXT_LIMIT = 20_000

/** The watched database of this name. Refuses when there is none with migrations. */
export function databaseOf(environment: ConsoleEnvironment, name: string): MigrationDatabase {
  const found = environment.of(Migrations).find(name)
  if (found) return found
  const watched = environment.of(Migrations).without.includes(name)
  throw new RefusalError({
    code: 'not_found',
    message: watched
      ? `No folder of migrations is configured for ${name}.`
      : `No database called ${name} is watched in this environment.`,
    nextStep: watched ? 'Add `migrations` to it in substation.config.ts.' : undefined,
    fields: { database: watched ? 'has no migrations configured' : 'is not watched' },
  })
}

/** Its status now. Refuses when that is not known, when someone is migrating, and where no lock can be kept. */
export async function statusFor(database: MigrationDatabase): Promise<MigrationStatus> {
  const status = await database.status().catch((error: unknown) => {
    throw refusalOf(database.name, error)
  })
  if (status.lock)
    throw new RefusalError({
      code: 'conflict',
      message: `Migrations of ${database.name} are being run by ${describeOwner(status.lock)}. Nothing was done.`,
      nextStep: 'Wait until that is done.',
    })
  if (status.pooled)
    throw new RefusalError({
      code: 'conflict',
      message: `The address of ${database.name} goes through a pooler, so the migration lock cannot be kept.`,
      nextStep: 'Give a direct address in substation.config.ts: migrations: { folder, url }.',
    })
  return status
}

/** A message of the library or of Postgres as a refusal in plain words. */
export function refusalOf(database: string, error: unknown): RefusalError {
  if (error instanceof RefusalError) return error
  if (error instanceof MigrationError)
    return new RefusalError({
      code: error.code === 'MIGRATION_UNKNOWN' ? 'not_found' : 'conflict',
      message: `${sentence(error.message)} Nothing was done.`,
      nextStep: error.nextStep,
    })
  return new RefusalError({
    code: 'unavailable',
    message: `The migration state of ${database} is not known: ${reasonOf(`Postgres ${database}`, error)}. Nothing was done.`,
    nextStep: `Check that Postgres ${database} is running and reachable from the console.`,
  })
}

/** Refuses a plan that is empty, can never run, or needs a decision that was not made. */
export function refusePlan(
  status: MigrationStatus,
  plan: readonly MigrationEntry[],
  direction: 'up' | 'down',
  despite: readonly Finding[],
): void {
  const obstacle = obstacleOf(plan, direction)
  if (obstacle)
    throw new RefusalError({
      code: 'conflict',
      message: sentence(obstacle.why),
      nextStep: obstacle.nextStep,
      fields: { to: 'cannot be reached from here' },
    })
  for (const [finding, names] of findingsAbout(status.migrations, plan, direction)) {
    if (despite.includes(finding)) continue
    throw new RefusalError({
      code: 'conflict',
      message: sentence(describeFinding(finding, names)),
      nextStep: `Restore the files, or continue anyway (despite: ${finding}).`,
      fields: { despite: `must contain ${finding} for this` },
    })
  }
}

/** Which run outside a transaction, for the sentence that says what is run. */
export function aloneWords(plan: readonly MigrationEntry[], direction: 'up' | 'down'): string {
  const alone = plan.filter(({ file }) => (direction === 'up' ? file?.up : file?.down)?.alone).map(entry => entry.name)
  return alone.length === 0 ? '' : `; ${alone.join(', ')} outside a transaction`
}

/** The SQL of a plan for its preview, cut where it is too long for a dialog. */
export function textsOf(plan: readonly MigrationEntry[], direction: 'up' | 'down'): PreviewText[] {
  let left = TEXT_LIMIT
  return plan.flatMap(({ name, file }) => {
    const sql = (direction === 'up' ? file?.up : file?.down)?.sql ?? ''
    if (left <= 0) return []
    const text = sql.length > left ? `${sql.slice(0, left)}\n-- (cut here: the page shows all of it)` : sql
    left -= sql.length
    return [{ name: `${name}${direction === 'down' ? '.down' : ''}.sql`, text }]
  })
}

/** Changes with the names, their order and every character of what would be sent. */
export function fingerprintOf(plan: readonly MigrationEntry[], direction: 'up' | 'down'): string {
  const parts = plan.map(({ name, file }) => `${name} ${(direction === 'up' ? file?.up : file?.down)?.checksum}`)
  return createHash('sha256').update(parts.join('\n')).digest('base64url')
}

export const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`)
