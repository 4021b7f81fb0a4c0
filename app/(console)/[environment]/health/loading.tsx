import { Skeleton } from '@/components/ui/skeleton'

export default function HealthLoading() {
  return (
    <div role="status" aria-label="Health is being read">
      <Skeleton className="mb-1.5 h-7 w-28" />
      <Skeleton className="mb-4 h-4 w-72" />
      <div className="grid gap-4">
        <Skeleton className="h-8 w-full max-w-[460px]" />
        <Skeleton className="h-[210px] rounded-lg" />
        <Skeleton className="h-[210px] rounded-lg" />
        <Skeleton className="h-[220px] rounded-lg" />
      </div>
    </div>
  )
}
