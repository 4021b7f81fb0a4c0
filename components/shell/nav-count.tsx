import type { NavItem } from '@/components/shell/shell-props'
import { cn } from '@/components/ui/cn'
import { formatShort } from '@/lib/core/number-format'

const tints = {
  good: 'bg-good-soft text-good',
  warning: 'bg-warning-soft text-warning',
  bad: 'bg-bad-soft text-bad',
  unknown: 'bg-unknown-soft text-unknown',
  neutral: 'bg-sunk text-muted',
}

/** How many. Nothing for none, so that the eye rests. */
export function NavCount({ count, className }: { count: NavItem['count']; className?: string }) {
  if (!count || count.value === 0) return null
  return (
    <span className={cn('rounded-full px-1.5 text-xs font-semibold', tints[count.status], className)}>
      <span aria-hidden>{formatShort(count.value)}</span>
      <span className="sr-only">
        , {count.value} {count.label}
      </span>
    </span>
  )
}
