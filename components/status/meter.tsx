import type { Status } from '@/components/status/status-mark'
import { cn } from '@/components/ui/cn'

const fill: Record<Status, string> = { good: 'bg-good', warning: 'bg-warning', bad: 'bg-bad', unknown: 'bg-unknown' }

interface MeterProps {
  /** What is measured, for those who cannot see the bar. */
  label: string
  /** Left out when not known: then there is a rail and no bar. */
  value: number | undefined
  max: number
  /** Where it matters, in the same unit. */
  threshold?: number
  status?: Status
  /** Its width, where the usual one does not fit. */
  className?: string
}

/** A value against its threshold. The words beside it carry the numbers; this carries the distance. */
export function Meter({ label, value, max, threshold, status = 'good', className }: MeterProps) {
  const share = (of: number) => (max > 0 ? Math.min(1, Math.max(0, of / max)) * 100 : 0)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a <meter> has no threshold tick and cannot be styled alike in all browsers
    <span
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={Math.min(max, value ?? 0)}
      aria-valuetext={value === undefined ? 'not known' : undefined}
      className={cn(
        // It is drawn above a row's link, and must not take its clicks.
        'pointer-events-none relative inline-block h-1.5 shrink-0 rounded-full bg-sunk align-middle inset-ring inset-ring-line',
        className ?? 'w-24',
      )}
    >
      {value === undefined ? null : (
        <span
          className={cn('absolute inset-y-0 left-0 rounded-full', fill[status])}
          style={{ width: `${share(value)}%` }}
        />
      )}
      {threshold === undefined ? null : (
        <span
          className="absolute -inset-y-[3px] w-0.5 -translate-x-px rounded-full bg-muted"
          style={{ left: `${share(threshold)}%` }}
        />
      )}
    </span>
  )
}
