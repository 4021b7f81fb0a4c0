import { Skeleton } from '@/components/ui/skeleton'

const ROWS = ['a', 'b', 'c', 'd']

export default function MigrationsLoading() {
  return (
    <div role="status" aria-label="The migrations are being read">
      <Skeleton className="mb-4 h-7 w-32" />
      <div className="mb-3 flex gap-2">
        <Skeleton className="h-(--control) w-72 max-w-full" />
        <Skeleton className="ml-auto h-(--control) w-56 max-wide:hidden" />
      </div>
      <div className="rounded-lg border border-line bg-panel">
        <div className="h-10 border-b border-line" />
        {ROWS.map(row => (
          <div key={row} className="flex h-(--row) items-center gap-6 border-b border-line px-3.5 last:border-0">
            <Skeleton className="h-4 w-20" />
            <Skeleton className="h-4 w-60" />
            <Skeleton className="h-4 w-40 max-wide:hidden" />
          </div>
        ))}
      </div>
    </div>
  )
}
