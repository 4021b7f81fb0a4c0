import type { OperationForm } from '@/components/operation/preview-step'
import { ReasonField } from '@/components/operation/reason-field'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'

export interface JobsInput {
  server: string
  queue: string
  which: { by: 'all'; name?: string; error?: string } | { by: 'ids'; ids: string[] }
  reason?: string
}

interface JobsFormProps {
  form: OperationForm<JobsInput>
  reason: 'required' | 'optional'
  /** They have died of something. */
  byError?: boolean
}

/** Which jobs of a set: all of them, or those whose name, or error, holds a text. */
export function JobsForm({ form, reason, byError = false }: JobsFormProps) {
  const { value, change, errors } = form
  const { which } = value
  const narrow = (patch: { name?: string; error?: string }) =>
    which.by === 'all'
      ? change({
          which: Object.fromEntries(
            Object.entries({ ...which, ...patch }).filter(([, text]) => text !== ''),
          ) as typeof which,
        })
      : undefined
  return (
    <>
      {which.by === 'all' ? (
        <>
          {byError ? (
            <Field
              label="Only where the error holds"
              hint="Left empty: whatever the error."
              error={errors['which.error']}
            >
              {control => (
                <Input
                  {...control}
                  value={which.error ?? ''}
                  maxLength={300}
                  autoComplete="off"
                  onChange={event => narrow({ error: event.target.value })}
                />
              )}
            </Field>
          ) : null}
          <Field label="Only jobs whose name holds" hint="Left empty: whatever the name." error={errors['which.name']}>
            {control => (
              <Input
                {...control}
                value={which.name ?? ''}
                maxLength={300}
                autoComplete="off"
                onChange={event => narrow({ name: event.target.value })}
              />
            )}
          </Field>
        </>
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
