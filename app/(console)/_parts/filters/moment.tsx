import { useNow } from '@/components/status/ticker'

const HOUR = 3_600_000

interface MomentProps {
  label: string
  /** An ISO time. */
  value: string | undefined
  onChange: (value: string | undefined) => void
}

/** A day and a time of it, in the reader's zone. */
export function Moment({ label, value, onChange }: MomentProps) {
  // The server does not know the reader's zone.
  const here = useNow(HOUR) !== undefined
  return (
    <input
      type="datetime-local"
      aria-label={label}
      value={here ? localOf(value) : ''}
      onChange={event => {
        const time = new Date(event.target.value)
        onChange(Number.isNaN(time.getTime()) ? undefined : time.toISOString())
      }}
      className="h-(--control) rounded-md border border-line bg-panel px-2 text-sm text-ink tabular-nums touch:text-xl"
    />
  )
}

/** `2026-03-04T04:02`, in the reader's zone: what the input speaks. */
function localOf(iso: string | undefined): string {
  const time = new Date(iso ?? '')
  if (Number.isNaN(time.getTime())) return ''
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
