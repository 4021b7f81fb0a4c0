import { Unknown } from '@/components/status/short-number'
import { cn } from '@/components/ui/cn'
import { formatExact } from '@/lib/core/number-format'
import { formatDuration } from '@/lib/core/time-format'

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
