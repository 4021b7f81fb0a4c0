import { Skeleton } from '@/components/ui/skeleton'

interface ListLoadingProps {
  /** Read out: "The breakers are being read". */
  label: string
  rows?: number
  filters?: boolean
}

/** The shape of a page that is a title, filters and a table. */
export function ListLoading({ label, rows = 6, filters = true }: ListLoadingProps) {
  return (
    <div role="status" aria-label={label}>
      <div className="mb-4 flex items-center justify-between">
        <Skeleton className="h-7 w-28" />
        {filters ? <Skeleton className="h-(--control) w-44" /> : null}
      </div>
      {filters ? (
        <div className="mb-3 flex gap-2">
          <Skeleton className="h-(--control) w-80 max-w-full" />
          <Skeleton className="ml-auto h-(--control) w-56 max-wide:hidden" />
        </div>
      ) : null}
      <div className="rounded-lg border border-line bg-panel">
        <div className="h-8 border-b border-line" />
        {Array.from({ length: rows }, (_, row) => row).map(row => (
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
