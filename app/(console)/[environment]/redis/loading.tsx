import { Skeleton } from '@/components/ui/skeleton'

const ROWS = ['a', 'b']

export default function RedisLoading() {
  return (
    <div role="status" aria-label="The Redis servers are being read">
      <Skeleton className="mb-4 h-7 w-24" />
      <div className="rounded-lg border border-line bg-panel">
        <div className="h-8 border-b border-line" />
        {ROWS.map(row => (
          <div key={row} className="flex h-(--row) items-center gap-6 border-b border-line px-3.5 last:border-0">
            <Skeleton className="h-4 w-28" />
            <Skeleton className="h-4 w-48" />
            <Skeleton className="h-4 w-60 max-wide:hidden" />
          </div>
        ))}
      </div>
    </div>
  )
}
