import { MiddleTruncate } from '@/components/status/middle-truncate'

/** Keys that begin alike, as `product:`. */
export function NamespaceName({ name }: { name: string }) {
  if (name === '*') return <span className="text-muted">all others</span>
  if (name === '') return <span className="text-muted">without a colon</span>
  return <MiddleTruncate text={`${name}:`} mono />
}
