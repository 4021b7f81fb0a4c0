import { Skeleton } from '@/components/ui/skeleton'

const ROWS = Array.from({ length: 14 }, (_, index) => index)

export default function AuditLoading() {
  return (
    <div role="status" aria-label="The audit is being read">
      <Skeleton className="mb-4 h-7 w-20" />
      <div className="mb-3 flex gap-2">
        <Skeleton className="h-(--control) w-64" />
        <Skeleton className="h-(--control) w-36 max-wide:hidden" />
        <Skeleton className="h-(--control) w-36 max-wide:hidden" />
      </div>
      <div className="rounded-lg border border-line bg-panel">
        <div className="h-8 border-b border-line" />
        {ROWS.map(row => (
          <div key={row} className="flex h-(--row) items-center gap-6 border-b border-line px-3.5 last:border-0">
            <Skeleton className="h-4 w-20" />
            <Skeleton className="h-4 w-24 max-wide:hidden" />
            <Skeleton className="h-4 w-[min(420px,60%)]" />
          </div>
        ))}
      </div>
    </div>
  )
}
