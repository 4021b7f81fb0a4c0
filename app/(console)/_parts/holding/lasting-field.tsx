import { NumberField } from '@/components/ui/number-field'
import { SegmentedControl } from '@/components/ui/segmented-control'

const PRESETS = [
  { value: '15', label: '15 min' },
  { value: '60', label: '1 h' },
  { value: '240', label: '4 h' },
  { value: '1440', label: '1 day' },
] as const
type Preset = (typeof PRESETS)[number]['value'] | 'open'

interface LastingFieldProps {
  /** What an operator does to end it. */
  ends?: 'released' | 'restored' | 'resumed'
  /** Null: until it is ended. NaN while the field is empty. */
  minutes: number | null
  error: string | undefined
  onChange: (minutes: number | null) => void
}

/** For how long something is held. It ends on its own by default: what is forgotten must not stay. */
export function LastingField({ ends = 'released', minutes, error, onChange }: LastingFieldProps) {
  const chosen = minutes === null ? 'open' : PRESETS.find(({ value }) => value === String(minutes))?.value
  return (
    <div className="grid gap-1.5">
      <p className="text-md font-medium">For</p>
      <SegmentedControl<Preset | ''>
        label="For"
        value={chosen ?? ''}
        segments={[...PRESETS, { value: 'open', label: `Until ${ends}` }]}
        onChange={value => onChange(value === 'open' ? null : Number(value))}
        className="max-w-full overflow-x-auto"
      />
      {minutes === null ? (
        <p className="text-sm text-muted">It stays in force, in processes that start later too, until it is {ends}.</p>
      ) : (
        <NumberField
          label={<span className="sr-only">Minutes</span>}
          error={error}
          hint="It ends on its own; up to 7 days."
          unit="minutes"
          min={1}
          max={10_080}
          value={minutes}
          onChange={onChange}
        />
      )}
    </div>
  )
}
