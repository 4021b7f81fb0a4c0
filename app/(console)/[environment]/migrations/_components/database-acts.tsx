import dynamic from 'next/dynamic'
import { useOperation } from '@/app/(console)/_frame/catalogue'
import { OperationButton } from '@/components/operation/operation-button'
import type { MigrationsState } from '@/lib/console/areas/migrations/views/migrations'
import type { RollBackInput } from './roll-back-form'
import type { RunInput } from './run-form'

// They come with the dialog that they fill.
const RollBackForm = dynamic(() => import('./roll-back-form').then(module => module.RollBackForm))
const RunForm = dynamic(() => import('./run-form').then(module => module.RunForm))

/** What can be done to a database as a whole. While migrations run, nothing can. */
export function DatabaseActs({ database, state }: { database: string; state: MigrationsState }) {
  const run = useOperation('migration.run')
  const rollBack = useOperation('migration.roll-back')
  const { pending, applied, counts, lock, pooled } = state
  if (lock || pooled) return null
  return (
    <>
      {applied.at(-1)?.reversible ? (
        <OperationButton<RollBackInput>
          operation={rollBack}
          subject={database}
          size="sm"
          label={
            <span>
              Roll back…<span className="sr-only"> in {database}</span>
            </span>
          }
          input={{ database, to: applied.at(-2)?.name ?? null, despite: [], reason: '' }}
        >
          {form => <RollBackForm form={form} applied={applied} />}
        </OperationButton>
      ) : null}
      {counts.pending > 0 ? (
        <OperationButton<RunInput>
          operation={run}
          subject={database}
          size="sm"
          variant="primary"
          label={
            <span>
              Run {counts.pending} pending…<span className="sr-only"> in {database}</span>
            </span>
          }
          input={{ database, createJournal: false, despite: [] }}
        >
          {form => <RunForm form={form} pending={pending} counts={counts} firstRun={!state.journal.exists} />}
        </OperationButton>
      ) : null}
    </>
  )
}
