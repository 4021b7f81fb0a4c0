import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'

interface TypedNameProps {
  name: string
  value: string
  error: string | undefined
  disabled: boolean
  onChange: (text: string) => void
}

/** Asks for the name of the target: no one types another's by accident. */
export function TypedName({ name, value, error, disabled, onChange }: TypedNameProps) {
  return (
    <Field
      label={
        <>
          Type <code className="rounded-sm bg-sunk px-1 py-0.5 break-all whitespace-pre-wrap">{name}</code> to confirm
        </>
      }
      error={error}
    >
      {control => (
        <Input
          {...control}
          value={value}
          autoComplete="off"
          autoCapitalize="off"
          autoCorrect="off"
          spellCheck={false}
          disabled={disabled}
          onChange={event => onChange(event.target.value)}
          className="font-mono"
        />
      )}
    </Field>
  )
}
