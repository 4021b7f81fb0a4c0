import { formatExact } from '@/components/status/number-format'

/** Below a list that does not hold all there is. */
export function CutShort({ shown, total }: { shown: number; total: number }) {
  if (shown >= total) return null
  return (
    <p className="border-t border-line px-3.5 py-2 text-sm text-muted">
      The first {formatExact(shown)} of {formatExact(total)}. Narrow the list to see the others.
    </p>
  )
}
