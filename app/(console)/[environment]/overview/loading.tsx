import { Skeleton } from '@/components/ui/skeleton'

export default function OverviewLoading() {
  return (
    <div role="status" aria-label="The overview is being read">
      <div className="mb-4 flex gap-3">
        <Skeleton className="mt-1 h-5 w-20" />
        <div className="grid flex-1 gap-1.5">
          <Skeleton className="h-7 w-[min(420px,80%)]" />
          <Skeleton className="h-4 w-56" />
        </div>
      </div>
      <div className="grid items-start gap-4 desk:grid-cols-[minmax(0,1fr)_340px]">
        <div className="grid gap-4">
          <Skeleton className="h-[86px] rounded-lg" />
          <Skeleton className="h-[270px] rounded-lg" />
        </div>
        <Skeleton className="h-[420px] rounded-lg" />
      </div>
    </div>
  )
}
