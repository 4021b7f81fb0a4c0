import type { OperationForm } from '@/components/operation/preview-step'
import { ReasonField } from '@/components/operation/reason-field'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import type { MigrationsState } from '@/lib/console/areas/migrations/views/migrations'
import { Consent } from './consent'

export interface RollBackInput {
  database: string
  /** The last one that stays; null: none does. */
  to: string | null
  despite: 'drifted'[]
  reason: string
}

interface RollBackFormProps {
  form: OperationForm<RollBackInput>
  /** In the order in which they run. */
  applied: MigrationsState['applied']
}

/** How far back: as far as every step has a down file. */
export function RollBackForm({ form, applied }: RollBackFormProps) {
  const { value, change, errors } = form
  const barrier = applied.findLastIndex(row => !row.reversible)
  const steps = applied
    .map((row, index) => ({ row, stays: applied[index - 1]?.name ?? null, count: applied.length - index }))
    .slice(barrier + 1)
    .reverse()
  const going = applied.slice(applied.findIndex(row => row.name === value.to) + 1)
  return (
    <>
      <Field
        label="Roll back"
        error={errors.to}
        hint={barrier >= 0 ? `No further than this: ${applied[barrier]?.name} has no down file.` : undefined}
      >
        {control => (
          <Select
            {...control}
            value={value.to ?? ''}
            options={steps.map(({ row, stays, count }) => ({
              value: stays ?? '',
              label: count === 1 ? `${row.name} alone` : `${count}, down to and including ${row.name}`,
            }))}
            onChange={event => change({ to: event.target.value || null })}
          />
        )}
      </Field>
      {going.some(row => row.drifted) ? (
        <Consent
          checked={value.despite.length > 0}
          onChange={on => change({ despite: on ? ['drifted'] : [] })}
          error={errors.despite}
        >
          Go on although files changed after being applied: what ran may not be what the down file undoes
        </Consent>
      ) : null}
      <ReasonField required value={value.reason} error={errors.reason} onChange={reason => change({ reason })} />
    </>
  )
}
