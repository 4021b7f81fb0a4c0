import type { OperationForm } from '@/components/operation/preview-step'
import { ReasonField } from '@/components/operation/reason-field'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'

export interface MajorInput {
  server: string
  queue: string
  major: 4 | 5 | 6
  reason: string
}

const RULES: Record<MajorInput['major'], string> = {
  4: 'Wakes workers by an entry in the list wait. While a queue is paused, its jobs are in the list paused.',
  5: 'Wakes workers by the key marker. While a queue is paused, its jobs are in the list paused.',
  6: 'Wakes workers by the key marker. While a queue is paused, its jobs stay in the list wait.',
}

/** Which BullMQ works on a queue, of those that its keys allow. */
export function MajorForm({
  form,
  majors,
}: {
  form: OperationForm<MajorInput>
  majors: readonly MajorInput['major'][]
}) {
  const { value, change, errors } = form
  return (
    <>
      <Field
        label="BullMQ"
        hint={`${RULES[value.major]} The package.json of the service that works on the queue says which it is.`}
        error={errors.major}
      >
        {control => (
          <Select
            {...control}
            value={String(value.major)}
            options={majors.map(major => ({ value: String(major), label: `BullMQ ${major}` }))}
            onChange={event => change({ major: Number(event.target.value) as MajorInput['major'] })}
          />
        )}
      </Field>
      <ReasonField required value={value.reason} error={errors.reason} onChange={reason => change({ reason })} />
    </>
  )
}
