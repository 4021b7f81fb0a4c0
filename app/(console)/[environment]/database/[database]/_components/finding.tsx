import type { ReactNode } from 'react'
import { StatusMark } from '@/components/status/status-mark'
import { Callout } from '@/components/ui/callout'
import { CopyButton } from '@/components/ui/copy-button'

interface FindingProps {
  severity: 'warning' | 'note'
  /** What would change it, ready to be run. */
  statement?: string
  /** What can be done about it here. */
  act?: ReactNode
  children: ReactNode
}

/** Something that is wrong, why it matters, and the statement that changes it. */
export function Finding({ severity, statement, act, children }: FindingProps) {
  return (
    <Callout
      tone={severity === 'warning' ? 'warning' : 'neutral'}
      mark={<StatusMark status={severity === 'warning' ? 'warning' : 'unknown'} />}
    >
      <p>{children}</p>
      {statement ? (
        <p className="mt-1 flex items-start gap-1">
          <code className="min-w-0 flex-1 self-center break-words text-sm">{statement}</code>
          <CopyButton value={statement} label="Copy the statement" />
        </p>
      ) : null}
      {act ? <div className="mt-2 flex flex-wrap gap-2">{act}</div> : null}
    </Callout>
  )
}
