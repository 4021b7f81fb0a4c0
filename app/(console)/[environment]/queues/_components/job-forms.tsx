import type { OperationForm } from '@/components/operation/preview-step'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { NumberField } from '@/components/ui/number-field'
import { Textarea } from '@/components/ui/textarea'

interface OneJobInput {
  server: string
  queue: string
  job: string
}
export interface PayloadInput extends OneJobInput {
  data: string
}
export interface PriorityInput extends OneJobInput {
  priority: number
}
export interface DelayInput extends OneJobInput {
  seconds: number
}
export interface DeadLetterInput extends OneJobInput {
  error: string
}

/** The payload as JSON; what changes is in the preview. */
export function PayloadForm({ form, isWhole }: { form: OperationForm<PayloadInput>; isWhole: boolean }) {
  const { value, change, errors } = form
  return (
    <Field
      label="Payload"
      hint={
        isWhole
          ? 'JSON. It is changed only if it is still the one shown here.'
          : 'JSON, in place of all of it: the payload is too large to be shown here.'
      }
      error={errors.data}
      required
    >
      {control => (
        <Textarea
          {...control}
          value={value.data}
          rows={12}
          spellCheck={false}
          onChange={event => change({ data: event.target.value })}
          className="font-mono text-sm"
        />
      )}
    </Field>
  )
}

export function PriorityForm({ form: { value, change, errors } }: { form: OperationForm<PriorityInput> }) {
  return (
    <NumberField
      label="Priority"
      hint="1 comes first, larger numbers later; 0 is none, before all of them."
      error={errors.priority}
      min={0}
      max={2_097_151}
      value={value.priority}
      onChange={priority => change({ priority })}
    />
  )
}

export function DelayForm({ form: { value, change, errors } }: { form: OperationForm<DelayInput> }) {
  return (
    <NumberField
      label="Due in"
      unit="seconds from now"
      error={errors.seconds}
      min={1}
      value={value.seconds}
      onChange={seconds => change({ seconds })}
    />
  )
}

export function DeadLetterForm({ form: { value, change, errors } }: { form: OperationForm<DeadLetterInput> }) {
  return (
    <Field label="Error" hint="What the dead letter shows as its error." error={errors.error} required>
      {control => (
        <Input
          {...control}
          value={value.error}
          maxLength={500}
          onChange={event => change({ error: event.target.value })}
        />
      )}
    </Field>
  )
}
