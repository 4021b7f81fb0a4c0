import { FilterSelect } from '@/app/(console)/_parts/filters/filter-select'
import { Moment } from '@/app/(console)/_parts/filters/moment'
import { consoleNow } from '@/components/status/ticker'

const HOUR = 3_600_000
const BACK: Record<string, number> = { hour: HOUR, day: 24 * HOUR, week: 7 * 24 * HOUR }

interface TimeRangeProps {
  /** ISO times, as the address has them: a link shows the same lines tomorrow. */
  from: string | undefined
  to: string | undefined
  onChange: (patch: { from?: string; to?: string }) => void
}

export function TimeRange({ from, to, onChange }: TimeRangeProps) {
  const chosen = from || to ? 'between' : ''
  function choose(value: string) {
    const back = BACK[value]
    if (back !== undefined) onChange({ from: new Date(consoleNow() - back).toISOString(), to: undefined })
    else if (value === '') onChange({ from: undefined, to: undefined })
    else if (chosen === '') onChange({ from: new Date(consoleNow() - HOUR).toISOString(), to: undefined })
  }
  return (
    <>
      <FilterSelect
        label="Time"
        value={chosen}
        options={[
          { value: '', label: 'Any time' },
          { value: 'hour', label: 'Last hour' },
          { value: 'day', label: 'Last 24 hours' },
          { value: 'week', label: 'Last 7 days' },
          { value: 'between', label: 'Between' },
        ]}
        onChange={choose}
        className="max-wide:col-span-2"
      />
      {chosen === '' ? null : (
        <span className="flex flex-wrap items-center gap-1.5 text-sm text-muted max-wide:col-span-2">
          <Moment label="From" value={from} onChange={value => onChange({ from: value, to })} />
          to
          <Moment label="To" value={to} onChange={value => onChange({ from, to: value })} />
        </span>
      )}
    </>
  )
}
