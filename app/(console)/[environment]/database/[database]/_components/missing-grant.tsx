import type { ReactNode } from 'react'
import { StatusMark } from '@/components/status/status-mark'
import { Callout } from '@/components/ui/callout'
import { CopyButton } from '@/components/ui/copy-button'

/** What is not seen for want of a right, and the statement that grants it, to be run by a superuser. */
export function MissingGrant({ grant, children }: { grant: string; children: ReactNode }) {
  return (
    <Callout
      tone="warning"
      mark={<StatusMark status="warning" />}
      title="The account of the console lacks a right"
      className="mb-3"
    >
      <p>{children} A superuser grants it:</p>
      <p className="flex min-w-0 items-center gap-1">
        <code className="break-all">{grant}</code>
        <CopyButton value={grant} label="Copy the grant" />
      </p>
    </Callout>
  )
}
