import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import type { Parameter, ParameterType } from '@/lib/console/areas/database/saved-queries/parameters'

const TYPES: readonly { value: ParameterType; label: string }[] = [
  { value: 'text', label: 'text' },
  { value: 'number', label: 'number' },
  { value: 'boolean', label: 'boolean' },
  { value: 'time', label: 'date or time' },
  { value: 'uuid', label: 'UUID' },
]
const EXAMPLES: Partial<Record<ParameterType, string>> = { time: '2026-01-31 14:30, UTC', number: '7' }
const BOOLEANS = ['true', 'false'].map(value => ({ value, label: value }))

interface QueryParametersProps {
  parameters: readonly Parameter[]
  values: Readonly<Record<string, string>>
  onType: (name: string, type: ParameterType) => void
  onValue: (name: string, value: string) => void
}

/** A type and a value for each parameter of the text. */
export function QueryParameters({ parameters, values, onType, onValue }: QueryParametersProps) {
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 text-sm text-muted">Parameters</legend>
      {parameters.map(({ name, type }) => (
        <div key={name} className="grid grid-cols-[10rem_minmax(0,1fr)] items-end gap-2">
          <Field label={<span className="font-mono">:{name}</span>}>
            {control => (
              <Select
                {...control}
                aria-label={`Type of ${name}`}
                value={type}
                options={TYPES}
                onChange={event => onType(name, event.target.value as ParameterType)}
              />
            )}
          </Field>
          {type === 'boolean' ? (
            <Select
              aria-label={`Value of ${name}`}
              value={values[name] ?? ''}
              placeholder="Choose"
              options={BOOLEANS}
              onChange={event => onValue(name, event.target.value)}
            />
          ) : (
            <Input
              aria-label={`Value of ${name}`}
              value={values[name] ?? ''}
              maxLength={1_000}
              spellCheck={false}
              inputMode={type === 'number' ? 'decimal' : undefined}
              placeholder={EXAMPLES[type]}
              onChange={event => onValue(name, event.target.value)}
            />
          )}
        </div>
      ))}
    </fieldset>
  )
}
