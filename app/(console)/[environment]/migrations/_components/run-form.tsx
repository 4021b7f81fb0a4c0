import type { OperationForm } from '@/components/operation/preview-step'
import { ReasonField } from '@/components/operation/reason-field'
import { Field } from '@/components/ui/field'
import { NumberField } from '@/components/ui/number-field'
import { Select } from '@/components/ui/select'
import type { MigrationsState } from '@/lib/console/areas/migrations/views/migrations'
import { Consent } from './consent'

type Finding = 'drifted' | 'missing' | 'out-of-order'

export interface RunInput {
  database: string
  to?: string
  createJournal: boolean
  despite: Finding[]
  together?: boolean
  lockTimeoutSeconds?: number
  lockAttempts?: number
  reason?: string
}

interface RunFormProps {
  form: OperationForm<RunInput>
  pending: readonly string[]
  counts: MigrationsState['counts']
  /** There is no journal yet. */
  firstRun: boolean
}

/** How far to run, and what has to be said before it may. */
export function RunForm({ form, pending, counts, firstRun }: RunFormProps) {
  const { value, change, errors } = form
  const last = pending.at(-1)
  const findings: { finding: Finding; words: string }[] = [
    ...(counts.drifted > 0
      ? [
          {
            finding: 'drifted' as const,
            words: `Go on although ${filesOf(counts.drifted)} changed after being applied`,
          },
        ]
      : []),
    ...(counts.missing > 0
      ? [
          {
            finding: 'missing' as const,
            words: `Go on although ${filesOf(counts.missing)} of applied migrations ${counts.missing === 1 ? 'is' : 'are'} gone`,
          },
        ]
      : []),
    ...(counts.outOfOrder > 0
      ? [{ finding: 'out-of-order' as const, words: `Run ${counts.outOfOrder} after migrations that come later` }]
      : []),
  ]
  return (
    <>
      {pending.length > 1 ? (
        <Field label="Up to" error={errors.to}>
          {control => (
            <Select
              {...control}
              value={value.to ?? last ?? ''}
              options={pending.map(name => ({ value: name, label: name === last ? `${name} (all)` : name }))}
              onChange={event => change({ to: event.target.value === last ? undefined : event.target.value })}
            />
          )}
        </Field>
      ) : null}
      {firstRun ? (
        <Consent
          checked={value.createJournal}
          onChange={createJournal => change({ createJournal })}
          error={errors.createJournal}
        >
          These migrations belong to this database: make its journal
        </Consent>
      ) : null}
      {findings.map(({ finding, words }) => (
        <Consent
          key={finding}
          checked={value.despite.includes(finding)}
          onChange={on =>
            change({ despite: on ? [...value.despite, finding] : value.despite.filter(one => one !== finding) })
          }
          error={errors.despite?.includes(finding) ? errors.despite : undefined}
        >
          {words}
        </Consent>
      ))}
      <Consent
        checked={value.together ?? false}
        onChange={together => change({ together: together || undefined })}
        error={errors.together}
      >
        All in one transaction: all or nothing, with all locks held until the end
      </Consent>
      <div className="flex flex-wrap gap-x-6 gap-y-3">
        <NumberField
          label="Wait for a lock"
          unit="s"
          placeholder="5"
          min={0.1}
          max={600}
          step="any"
          error={errors.lockTimeoutSeconds}
          value={value.lockTimeoutSeconds}
          onChange={seconds => change({ lockTimeoutSeconds: Number.isNaN(seconds) ? undefined : seconds })}
        />
        <NumberField
          label="At most"
          unit="tries"
          placeholder="3"
          min={1}
          max={20}
          error={errors.lockAttempts}
          value={value.lockAttempts}
          onChange={tries => change({ lockAttempts: Number.isNaN(tries) ? undefined : tries })}
        />
      </div>
      <ReasonField
        value={value.reason ?? ''}
        error={errors.reason}
        onChange={reason => change({ reason: reason || undefined })}
      />
    </>
  )
}

const filesOf = (count: number) => `${count} ${count === 1 ? 'file' : 'files'}`
