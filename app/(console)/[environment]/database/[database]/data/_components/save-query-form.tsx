import type { OperationForm } from '@/components/operation/preview-step'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Textarea } from '@/components/ui/textarea'
import type { Parameter } from '@/lib/console/areas/database/saved-queries/parameters'

export interface SaveQueryInput {
  database: string
  name: string
  description: string
  text: string
  parameters: Parameter[]
  /** Of the one that is changed, as it was read. */
  query?: string
  seen?: number
}

export function SaveQueryForm({ form: { value, change, errors } }: { form: OperationForm<SaveQueryInput> }) {
  return (
    <>
      <Field label="Name" required error={errors.name}>
        {control => (
          <Input
            {...control}
            value={value.name}
            maxLength={100}
            onChange={event => change({ name: event.target.value })}
          />
        )}
      </Field>
      <Field label="Description" hint="What it answers, and for whom." error={errors.description}>
        {control => (
          <Textarea
            {...control}
            value={value.description}
            maxLength={500}
            onChange={event => change({ description: event.target.value })}
          />
        )}
      </Field>
      {errors.text ? <p className="text-sm text-bad">The query: {errors.text}</p> : null}
    </>
  )
}
