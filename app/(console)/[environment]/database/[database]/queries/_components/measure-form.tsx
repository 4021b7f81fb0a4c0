import type { OperationForm } from '@/components/operation/preview-step'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'

export interface MeasureInput {
  database: string
  statement: string
  values: string[]
  seconds: number
}

/** A value for each parameter of the statement. */
export function MeasureForm({ form: { value, change, errors } }: { form: OperationForm<MeasureInput> }) {
  return value.values.map((one, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a parameter is its place
    <Field key={at} label={`Value of $${at + 1}`} error={errors[`values.${at}`]}>
      {control => (
        <Input
          {...control}
          value={one}
          maxLength={1_000}
          spellCheck={false}
          onChange={event => change({ values: value.values.with(at, event.target.value) })}
        />
      )}
    </Field>
  ))
}
