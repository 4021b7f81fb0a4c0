import type { ReactNode } from 'react'
import { hasOutput, RunOutput } from '@/components/operation/run-output'
import { ItemStatusBadge, itemStatuses } from '@/components/operation/run-status'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import type { Run } from '@/lib/console/platform/operation/wire'
import { formatExact } from '@/lib/core/number-format'

interface RunLedgerProps {
  items: Run['items']
  /** What the items are, in the plural, where the run does not say: jobs. */
  noun?: string
  /** What names an item better than its key: a link to the process for instance. */
  nameOf?: (key: string) => ReactNode
}

/** The outcome of each item, those that need attention first. For a command to processes: who did it, who did not, who did not answer. */
export function RunLedger({ items, noun: otherwise = 'items', nameOf }: RunLedgerProps) {
  if (items.total === 0) return null
  const { noun = otherwise } = items
  if (hasOutput(items.sample))
    return (
      <div className="overflow-clip rounded-lg border border-line">
        <RunOutput items={items.sample} label="Output" />
      </div>
    )
  const known = itemStatuses.filter(status => (items.byStatus[status] ?? 0) > 0)
  const ordered = [...items.sample].sort((a, b) => itemStatuses.indexOf(a.status) - itemStatuses.indexOf(b.status))
  const rest = items.total - ordered.length
  return (
    <div className="overflow-clip rounded-lg border border-line">
      <div className="flex flex-wrap items-center gap-1.5 border-b border-line bg-sunk px-3 py-1.5 text-sm text-muted">
        <span className="mr-1">
          {formatExact(items.total)} {noun}
        </span>
        {known.map(status => (
          <ItemStatusBadge key={status} status={status} count={items.byStatus[status]} />
        ))}
      </div>
      <ul
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={items.total === 1 ? `Outcome of the ${noun}` : `Outcome of each of the ${noun}`}
        className="max-h-72 overflow-y-auto overscroll-contain -outline-offset-2"
      >
        {ordered.map(item => (
          <li
            key={item.key}
            className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 border-b border-line px-3 py-1.5 text-md last:border-0"
          >
            {nameOf?.(item.key) ?? <MiddleTruncate text={item.key} mono />}
            <ItemStatusBadge status={item.status} quiet={item.status === 'done'} />
            {item.message ? <p className="col-span-2 text-sm break-words text-muted">{item.message}</p> : null}
          </li>
        ))}
        {rest > 0 ? <li className="px-3 py-1.5 text-md text-muted">and {formatExact(rest)} more</li> : null}
      </ul>
    </div>
  )
}
