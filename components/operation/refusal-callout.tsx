import { StatusMark } from '@/components/status/status-mark'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { CopyButton } from '@/components/ui/copy-button'
import type { Refusal } from '@/lib/console/platform/operation/wire'

/** Why not, and what to do about it. */
export function RefusalCallout({ refusal, onRetry }: { refusal: Refusal; onRetry?: () => void }) {
  const again = refusal.code === 'preview_expired' || refusal.code === 'set_grew'
  const status = again || refusal.code === 'invalid' ? 'warning' : 'bad'
  return (
    <Callout urgent tone={status} mark={<StatusMark status={status} />} title={refusal.message}>
      {again ? <p>This is a new preview. Nothing was done yet.</p> : null}
      {refusal.needs ? <p>It needs the {refusal.needs} role.</p> : null}
      {refusal.nextStep ? <p>{refusal.nextStep}</p> : null}
      {onRetry ? (
        <Button size="sm" onClick={onRetry} className="mt-1">
          Try again
        </Button>
      ) : null}
      {refusal.errorId ? (
        <p className="flex items-center gap-1 text-muted">
          Error <code>{refusal.errorId}</code>
          <CopyButton value={refusal.errorId} label="Copy the error's id" />
        </p>
      ) : null}
    </Callout>
  )
}
