import { Skeleton } from '@/components/ui/skeleton'

export default function ServicesLoading() {
  return (
    <div role="status" aria-label="The services are being read">
      <Skeleton className="mb-1.5 h-7 w-32" />
      <Skeleton className="mb-4 h-4 w-64" />
      <div className="grid gap-4">
        <Skeleton className="h-[200px] rounded-lg" />
        <Skeleton className="h-8 w-full max-w-[520px]" />
        <Skeleton className="h-[320px] rounded-lg" />
      </div>
    </div>
  )
}
