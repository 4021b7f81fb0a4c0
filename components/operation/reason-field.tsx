import { Field } from '@/components/ui/field'
import { Textarea } from '@/components/ui/textarea'

interface ReasonFieldProps {
  value: string
  onChange: (reason: string) => void
  error?: string
  required?: boolean
  disabled?: boolean
}

/** Why. Always empty at first: a reason that was filled in by a machine is none. */
export function ReasonField({ value, onChange, error, required = false, disabled }: ReasonFieldProps) {
  return (
    <Field
      label="Reason"
      required={required}
      error={error}
      hint="Shown beside the effect while it lasts, and kept in the audit."
    >
      {control => (
        <Textarea
          {...control}
          rows={2}
          maxLength={500}
          disabled={disabled}
          value={value}
          onChange={event => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}
