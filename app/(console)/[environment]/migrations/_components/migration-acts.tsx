import { useOperation } from '@/app/(console)/_frame/catalogue'
import { OperationButton } from '@/components/operation/operation-button'
import { ReasonField } from '@/components/operation/reason-field'
import type { MigrationRow } from '@/lib/console/areas/migrations/migration-row'
import { Consent } from './consent'
import type { RollBackInput } from './roll-back-form'
import type { RunInput } from './run-form'

interface BaselineInput {
  database: string
  to: string
  despiteMissingTables: boolean
  reason: string
}

interface MigrationActsProps {
  database: string
  row: MigrationRow
  /** The last one before it that is applied. */
  before: string | null
  /** Applied after it. */
  after: readonly string[]
}

/** Run up to this one, or take it and all after it back. */
export function MigrationActs({ database, row, before, after }: MigrationActsProps) {
  const run = useOperation('migration.run')
  const rollBack = useOperation('migration.roll-back')
  const dryRun = useOperation('migration.dry-run')
  const baseline = useOperation('migration.baseline')
  if (row.state === 'pending')
    return (
      <>
        <OperationButton<RunInput>
          operation={run}
          subject={database}
          variant="primary"
          label="Run up to this one"
          input={{ database, to: row.name, createJournal: false, despite: [] }}
        />
        <OperationButton
          operation={dryRun}
          subject={database}
          label="Try up to this one"
          input={{ database, to: row.name }}
        />
        <OperationButton<BaselineInput>
          operation={baseline}
          subject={database}
          label="Record as applied…"
          input={{ database, to: row.name, despiteMissingTables: false, reason: '' }}
        >
          {({ value, change, errors }) => (
            <>
              <Consent
                checked={value.despiteMissingTables}
                onChange={despiteMissingTables => change({ despiteMissingTables })}
                error={errors.despiteMissingTables}
              >
                Go on although tables are missing that these create
              </Consent>
              <ReasonField
                required
                value={value.reason}
                error={errors.reason}
                onChange={reason => change({ reason })}
              />
            </>
          )}
        </OperationButton>
      </>
    )
  if (!row.reversible) return null
  return (
    <OperationButton<RollBackInput>
      operation={rollBack}
      subject={database}
      label={after.length === 0 ? 'Roll back…' : `Roll back this and ${after.length} after it…`}
      input={{ database, to: before, despite: [], reason: '' }}
    >
      {({ value, change, errors }) => (
        <ReasonField required value={value.reason} error={errors.reason} onChange={reason => change({ reason })} />
      )}
    </OperationButton>
  )
}
