import { StatusMark } from '@/components/status/status-mark'
import { Callout } from '@/components/ui/callout'
import { Skeleton } from '@/components/ui/skeleton'

/** In a sheet whose view has not answered yet, or could not be asked. `what` is read out: "The breaker". */
export function SheetWaiting({ what, failed }: { what: string; failed: string | undefined }) {
  if (failed)
    return (
      <Callout tone="bad" mark={<StatusMark status="bad" />} title="It could not be read" className="m-4">
        <p>{failed}</p>
      </Callout>
    )
  return (
    <div role="status" aria-label={`${what} is being read`} className="grid gap-2 p-4">
      <Skeleton className="h-4 w-64" />
      <Skeleton className="h-4 w-48" />
      <Skeleton className="mt-4 h-24" />
    </div>
  )
}
