import { Skeleton } from '@/components/ui/skeleton'

const ROWS = ['a', 'b', 'c', 'd', 'e', 'f']

/** The shape of a page that is a title, filters and a table. `what` is read out: "The breakers". */
export function ListLoading({ what }: { what: string }) {
  return (
    <div role="status" aria-label={`${what} are being read`}>
      <div className="mb-4 flex items-center justify-between">
        <Skeleton className="h-7 w-28" />
        <Skeleton className="h-(--control) w-44" />
      </div>
      <div className="mb-3 flex gap-2">
        <Skeleton className="h-(--control) w-80 max-w-full" />
        <Skeleton className="ml-auto h-(--control) w-56 max-wide:hidden" />
      </div>
      <div className="rounded-lg border border-line bg-panel">
        <div className="h-8 border-b border-line" />
        {ROWS.map(row => (
          <div key={row} className="flex h-(--row) items-center gap-6 border-b border-line px-3.5 last:border-0">
            <Skeleton className="h-4 w-40" />
            <Skeleton className="h-4 w-20" />
            <Skeleton className="h-4 w-60 max-wide:hidden" />
          </div>
        ))}
      </div>
    </div>
  )
}
