import { Badge } from '@/components/ui/badge'
import type { Affected } from '@/lib/console/platform/operation/wire'
import { formatExact } from '@/lib/core/number-format'

/** How many, and how well that is known: the three are never mistaken for one another. */
export function AffectedCount({ affected }: { affected: Affected }) {
  const { count, precision, noun } = affected
  if (precision === 'unknown' || count === undefined) {
    return (
      <span className="inline-flex flex-wrap items-center gap-2">
        An unknown number of {noun} <Badge tone="unknown">not counted</Badge>
      </span>
    )
  }
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      {precision === 'exact' ? `${formatExact(count)} ${noun}` : `About ${formatExact(count)} ${noun}`}
      <Badge tone={precision === 'exact' ? 'outline' : 'warning'}>
        {precision === 'exact' ? 'exact' : 'from a sample'}
      </Badge>
    </span>
  )
}
