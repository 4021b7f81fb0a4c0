import { MiddleTruncate } from '@/components/status/middle-truncate'
import type { Run } from '@/lib/console/platform/operation/wire'

/** `Force a breaker  payments-api`. */
export function RunName({ run }: { run: Run }) {
  return (
    <span className="flex min-w-0 items-baseline gap-2">
      <span className="shrink-0 font-medium">{run.title}</span>
      <MiddleTruncate text={[run.target.name, run.about].filter(Boolean).join(': ')} className="text-muted" />
    </span>
  )
}

/** Nothing there, in a line: this page is empty on most days. */
export function NothingHere({ children }: { children: string }) {
  return <p className="px-3.5 py-3 text-md text-muted">{children}</p>
}
