import type { OperationForm } from '@/components/operation/preview-step'
import { ReasonField } from '@/components/operation/reason-field'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'

export interface AcknowledgeInput {
  item: string
  reason?: string
}

export interface MuteInput {
  item: string
  minutes: number
  reason: string
}

const TIMES = [
  { value: '15', label: '15 minutes' },
  { value: '60', label: '1 hour' },
  { value: '240', label: '4 hours' },
  { value: '1440', label: '1 day' },
  { value: '10080', label: '7 days' },
]

export function AcknowledgeForm({ form: { value, change, errors } }: { form: OperationForm<AcknowledgeInput> }) {
  return (
    <ReasonField
      value={value.reason ?? ''}
      error={errors.reason}
      onChange={reason => change({ reason: reason === '' ? undefined : reason })}
    />
  )
}

export function MuteForm({ form: { value, change, errors } }: { form: OperationForm<MuteInput> }) {
  return (
    <>
      <Field label="For" error={errors.minutes}>
        {control => (
          <Select
            {...control}
            value={String(value.minutes)}
            options={TIMES}
            onChange={event => change({ minutes: Number(event.target.value) })}
          />
        )}
      </Field>
      <ReasonField required value={value.reason} error={errors.reason} onChange={reason => change({ reason })} />
    </>
  )
}
