import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'

interface ChooseProviderProps {
  label: string
  value: string
  providers: readonly string[]
  error: string | undefined
  onChange: (provider: string) => void
}

export function ChooseProvider({ label, value, providers, error, onChange }: ChooseProviderProps) {
  return (
    <Field label={label} error={error}>
      {control => (
        <Select
          {...control}
          value={value}
          options={providers.map(name => ({ value: name, label: name }))}
          onChange={event => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}
