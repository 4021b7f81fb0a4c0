import { NumberField } from '@/components/ui/number-field'
import { SegmentedControl } from '@/components/ui/segmented-control'

/** A rule as a form has it: every field of every kind, so that another kind loses nothing. Numbers are NaN while empty. */
export interface RuleDraft {
  kind: 'sampling' | 'count' | 'consecutive'
  /** In per cent. */
  threshold: number
  /** In seconds. */
  within: number
  size: number
  failures: number
  /** The least number of calls. */
  calls: number
}

const KINDS = [
  { value: 'sampling', label: 'Share in time' },
  { value: 'count', label: 'Share of calls' },
  { value: 'consecutive', label: 'In a row' },
] as const

interface RuleFieldsProps {
  rule: RuleDraft
  onChange: (patch: Partial<RuleDraft>) => void
  errors?: Readonly<Record<string, string | undefined>>
}

/** When a breaker opens. */
export function RuleFields({ rule, onChange, errors = {} }: RuleFieldsProps) {
  const number = (
    label: string,
    field: Exclude<keyof RuleDraft, 'kind'>,
    { unit, error, max }: { unit?: string; error?: string; max: number },
  ) => (
    <NumberField
      label={label}
      error={error}
      unit={unit}
      width="w-20"
      min={1}
      max={max}
      value={rule[field]}
      onChange={value => onChange({ [field]: value })}
    />
  )
  return (
    <div className="grid gap-2">
      <SegmentedControl label="Opens by" value={rule.kind} segments={KINDS} onChange={kind => onChange({ kind })} />
      <div className="flex flex-wrap gap-x-4 gap-y-2">
        {rule.kind === 'consecutive' ? (
          number('Failures in a row', 'failures', { max: 100_000, error: errors['policy.failures'] })
        ) : (
          <>
            {number('More failed than', 'threshold', { unit: '%', max: 99, error: errors['policy.threshold'] })}
            {rule.kind === 'sampling'
              ? number('Within', 'within', { unit: 's', max: 3_600, error: errors['policy.durationMs'] })
              : number('Of the last', 'size', { unit: 'calls', max: 100_000, error: errors['policy.size'] })}
            {number('From', 'calls', {
              unit: 'calls on',
              max: 100_000,
              error: errors['policy.minimumCalls'] ?? errors['policy.minimumRps'],
            })}
          </>
        )}
      </div>
    </div>
  )
}
