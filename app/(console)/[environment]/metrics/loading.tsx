import { Skeleton } from '@/components/ui/skeleton'

export default function MetricsLoading() {
  return (
    <div role="status" aria-label="The figures are being read">
      <Skeleton className="mb-4 h-7 w-32" />
      <Skeleton className="mb-3 h-8 w-full max-w-[640px]" />
      <div className="grid gap-4 desk:grid-cols-[minmax(0,1fr)_340px]">
        <Skeleton className="h-[560px] rounded-lg" />
        <Skeleton className="h-[320px] rounded-lg" />
      </div>
    </div>
  )
}
