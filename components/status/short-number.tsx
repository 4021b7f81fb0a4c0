import { formatBytes, formatExact, formatPercent, formatShort } from '@/lib/core/number-format'

interface ShortNumberProps {
  /** Left out when it is not known, which is shown as such and never as zero. */
  value: number | undefined
  as?: 'count' | 'bytes' | 'percent'
  unit?: string
  className?: string
}

/** `12.4k`, with every digit in its title. */
export function ShortNumber({ value, as = 'count', unit, className }: ShortNumberProps) {
  if (value === undefined) return <Unknown className={className} />
  const short = as === 'bytes' ? formatBytes(value) : as === 'percent' ? formatPercent(value) : formatShort(value)
  const whole =
    as === 'bytes'
      ? `${formatExact(value)} bytes`
      : as === 'percent'
        ? `${formatExact(value * 100)} %`
        : formatExact(value)
  return (
    <data value={value} title={unit ? `${whole} ${unit}` : whole} className={className}>
      {unit ? `${short}${unit.startsWith('/') ? '' : ' '}${unit}` : short}
    </data>
  )
}

/** Not known. A dash to the eye, a word to the ear. */
export function Unknown({ why, className }: { why?: string; className?: string }) {
  return (
    <span title={why ?? 'Not known'} className={className}>
      <span aria-hidden className="text-faint">
        –
      </span>
      <span className="sr-only">{why ?? 'not known'}</span>
    </span>
  )
}
