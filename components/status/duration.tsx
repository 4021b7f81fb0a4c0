import { formatExact } from '@/components/status/number-format'
import { Unknown } from '@/components/status/short-number'
import { formatDuration } from '@/components/status/time-format'
import { cn } from '@/components/ui/cn'

interface DurationProps {
  /** A length in ms; left out when it is not known. */
  ms: number | undefined
  className?: string
}

/** `850 ms`, `4 min 10 s`, with the exact milliseconds in its title. */
export function Duration({ ms, className }: DurationProps) {
  if (ms === undefined) return <Unknown className={className} />
  return (
    <span title={`${formatExact(ms)} ms`} className={cn('tabular-nums', className)}>
      {formatDuration(ms)}
    </span>
  )
}
