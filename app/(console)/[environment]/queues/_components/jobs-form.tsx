import type { OperationForm } from '@/components/operation/preview-step'
import { ReasonField } from '@/components/operation/reason-field'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'

export interface JobsInput {
  server: string
  queue: string
  which: { by: 'all'; q?: string } | { by: 'ids'; ids: string[] }
  reason?: string
}

interface JobsFormProps {
  form: OperationForm<JobsInput>
  reason: 'required' | 'optional'
}

/** Which jobs of a set: all of them, or those that the filter of the list means. */
export function JobsForm({ form, reason }: JobsFormProps) {
  const { value, change, errors } = form
  const { which } = value
  return (
    <>
      {which.by === 'all' ? (
        <Field
          label="Name, error or id contains"
          hint="As the filter of the list: part of a name or an error, or a whole id. Left empty: all."
          error={errors['which.q']}
        >
          {control => (
            <Input
              {...control}
              value={which.q ?? ''}
              maxLength={300}
              autoComplete="off"
              onChange={({ target: { value: q } }) => change({ which: q === '' ? { by: 'all' } : { by: 'all', q } })}
            />
          )}
        </Field>
      ) : (
        <p className="text-md">
          {which.ids.length === 1 ? 'One job' : `${which.ids.length} jobs`}, as chosen in the list.
        </p>
      )}
      <ReasonField
        required={reason === 'required'}
        value={value.reason ?? ''}
        error={errors.reason}
        onChange={text => change({ reason: text === '' && reason === 'optional' ? undefined : text })}
      />
    </>
  )
}
