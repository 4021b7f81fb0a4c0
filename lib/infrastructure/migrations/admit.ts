import { describeFinding, findingsAbout, obstacleOf } from './migration-state.ts'
import { type Finding, type MigrationEntry, MigrationError, type MigrationStatus } from './port.ts'

/** Refuses what must not be run in this state, before anything is changed. */
export function admit(
  status: MigrationStatus,
  plan: readonly MigrationEntry[],
  direction: 'up' | 'down',
  { despite = [], createsJournal }: { despite?: readonly Finding[]; createsJournal: boolean },
): void {
  const { journal, foreignTables } = status
  if (direction === 'up' && plan.length > 0 && !journal.exists && !createsJournal) {
    const there = foreignTables === 0 ? 'no tables' : foreignTables === 1 ? '1 table' : `${foreignTables} tables`
    throw new MigrationError(
      `This database has no journal of migrations (${journal.schema}.${journal.table}) and ${there}: nothing was run here yet`,
      {
        code: 'MIGRATION_JOURNAL',
        nextStep: 'If these migrations belong here, allow the first run to create the journal.',
      },
    )
  }
  const refused = unrunnable(plan, direction)
  if (refused) throw refused
  for (const [finding, names] of findingsAbout(status.migrations, plan, direction)) {
    if (plan.length === 0 || despite.includes(finding)) continue
    throw new MigrationError(describeFinding(finding, names), {
      code: 'MIGRATION_FINDINGS',
      migration: names[0],
      nextStep: 'Restore the files, or allow the run to go on despite this.',
    })
  }
}

/** The error about the first of these that can never be run. */
export function unrunnable(plan: readonly MigrationEntry[], direction: 'up' | 'down'): MigrationError | undefined {
  const obstacle = obstacleOf(plan, direction)
  return (
    obstacle &&
    new MigrationError(obstacle.why, {
      code: 'MIGRATION_UNRUNNABLE',
      migration: obstacle.migration,
      nextStep: obstacle.nextStep,
    })
  )
}
