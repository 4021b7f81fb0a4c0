import { Skeleton } from '@/components/ui/skeleton'

const PANELS = ['under way', 'in force', 'finished']

export default function RunningLoading() {
  return (
    <div role="status" aria-label="What is running is being read">
      <Skeleton className="mb-4 h-7 w-28" />
      <div className="grid gap-4">
        {PANELS.map(panel => (
          <div key={panel} className="rounded-lg border border-line bg-panel">
            <div className="flex h-10 items-center border-b border-line px-3.5">
              <Skeleton className="h-4 w-32" />
            </div>
            <div className="grid gap-3 p-3.5">
              <Skeleton className="h-4 w-[min(480px,90%)]" />
              <Skeleton className="h-4 w-[min(360px,70%)]" />
            </div>
          </div>
        ))}
      </div>
    </div>
  )
}
