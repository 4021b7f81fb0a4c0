import { StatusMark } from '@/components/status/status-mark'
import { cn } from '@/components/ui/cn'
import type { RunItem } from '@/lib/console/platform/operation/wire'

/** In a ledger's key, between an item and the number of a line of its output. */
const MARK = ' › '

/** Whether some lines of a ledger are what its items said while they were worked on. */
export const hasOutput = (items: readonly RunItem[]) => items.some(item => item.key.includes(MARK))

/** A ledger as the output it is: each item with its lines, in the order in which they came. */
export function RunOutput({ items, label }: { items: readonly RunItem[]; label: string }) {
  const heads = items.filter(item => !item.key.includes(MARK))
  const linesOf = (name: string) =>
    items.filter(item => item.key.startsWith(`${name}${MARK}`)).toSorted((a, b) => (a.key < b.key ? -1 : 1))
  // Rolling back goes the other way than the names; those begun first are above.
  const begun = (head: RunItem) => linesOf(head.key)[0]?.at ?? Number.POSITIVE_INFINITY
  const ordered = heads.toSorted((a, b) => begun(a) - begun(b) || (a.key < b.key ? -1 : 1))
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={label}
      className="max-h-80 overflow-y-auto overscroll-contain bg-sunk py-2 font-mono text-sm leading-5 -outline-offset-2"
    >
      {ordered.map(head => (
        <div key={head.key}>
          <p className="flex flex-wrap items-center gap-x-2 px-3.5 font-semibold">
            <Mark status={head.status} />
            <span className="break-all">{head.key}</span>
            {head.message && head.status !== 'failed' ? (
              <span className="font-normal text-muted">{head.message}</span>
            ) : null}
          </p>
          {linesOf(head.key).map(line => (
            <p
              key={line.key}
              className={cn(
                'px-3.5 pl-[34px] break-words whitespace-pre-wrap',
                line.status === 'failed' ? 'text-bad' : 'text-muted',
              )}
            >
              {line.message}
              {line.status === 'pending' ? ' …' : ''}
            </p>
          ))}
          {head.status === 'failed' ? <p className="px-3.5 pl-[34px] break-words text-bad">{head.message}</p> : null}
        </div>
      ))}
    </section>
  )
}

function Mark({ status }: { status: RunItem['status'] }) {
  if (status === 'done') return <StatusMark status="good" label="Done" />
  if (status === 'failed') return <StatusMark status="bad" label="Failed" />
  return (
    <span
      role="img"
      aria-label={status === 'skipped' ? 'Not begun' : 'Waiting or under way'}
      className="grid size-2.75 place-items-center"
    >
      <span className="size-1.5 rounded-full border border-current text-muted" />
    </span>
  )
}
