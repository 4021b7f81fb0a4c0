import type { OperationForm } from '@/components/operation/preview-step'
import { ReasonField } from '@/components/operation/reason-field'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { NumberField } from '@/components/ui/number-field'
import { SegmentedControl } from '@/components/ui/segmented-control'

export interface ChangeInput {
  service: string
  schedule: string
  when: { cron: string; timeZone: string } | { everyMs: number }
  reason: string
}

const KINDS = [
  { value: 'cron', label: 'At times' },
  { value: 'every', label: 'Every' },
] as const

/** By a cron expression, or every so many minutes. */
export function ChangeForm({ form: { value, change, errors } }: { form: OperationForm<ChangeInput> }) {
  const { when } = value
  const error = errors.when ?? errors['when.cron'] ?? errors['when.everyMs'] ?? errors['when.timeZone']
  return (
    <>
      <SegmentedControl
        label="It runs"
        segments={KINDS}
        value={'cron' in when ? 'cron' : 'every'}
        onChange={kind =>
          change({ when: kind === 'cron' ? { cron: '0 3 * * *', timeZone: 'UTC' } : { everyMs: 3_600_000 } })
        }
      />
      {'cron' in when ? (
        <div className="grid gap-x-4 gap-y-2 sm:grid-cols-2">
          <Field label="Cron expression" required error={error} hint="Minute, hour, day, month, weekday.">
            {control => (
              <Input
                {...control}
                className="font-mono"
                spellCheck={false}
                value={when.cron}
                onChange={event => change({ when: { ...when, cron: event.target.value } })}
              />
            )}
          </Field>
          <Field label="Time zone" required hint="Such as Europe/Berlin.">
            {control => (
              <Input
                {...control}
                spellCheck={false}
                value={when.timeZone}
                onChange={event => change({ when: { ...when, timeZone: event.target.value } })}
              />
            )}
          </Field>
        </div>
      ) : (
        <NumberField
          label="Every"
          error={error}
          unit="seconds"
          width="w-32"
          min={1}
          value={when.everyMs / 1_000}
          onChange={seconds => change({ when: { everyMs: Math.round(seconds * 1_000) } })}
        />
      )}
      <ReasonField required value={value.reason} error={errors.reason} onChange={reason => change({ reason })} />
    </>
  )
}
