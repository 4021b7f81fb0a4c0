import type { UrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { Panel } from '@/components/status/panel'
import { StatusMark } from '@/components/status/status-mark'
import { AppLink } from '@/components/ui/app-link'
import type { SessionRow } from '@/lib/console/areas/database/session-row'
import { formatExact } from '@/lib/core/number-format'
import { formatWhole } from '@/lib/core/time-format'
import { awaitedWords, Doing, SessionName } from './session-words'

/** Deeper than this, the indent grows no more: a phone is narrow. */
const DEEPEST = 6

/** Who waits for whom, whoever holds up most first. */
export function BlockTree({ tree, url }: { tree: readonly SessionRow[]; url: UrlFilters }) {
  const roots = tree.filter(({ depth }) => depth === 0).length
  return (
    <div className="mb-4">
      <Panel
        title="Who waits for whom"
        note={`${formatExact(tree.length - roots)} ${tree.length - roots === 1 ? 'waits' : 'wait'} for ${formatExact(roots)}`}
      >
        <ul aria-label="Who waits for whom">
          {tree.map(row => (
            <li
              key={row.pid}
              className="relative border-b border-line py-2 pr-3.5 last:border-0 hover:bg-sunk has-[a:focus-visible]:outline-2 has-[a:focus-visible]:-outline-offset-2 has-[a:focus-visible]:outline-accent"
              style={{ paddingLeft: 14 + 22 * Math.min(row.depth ?? 0, DEEPEST) }}
            >
              <div className="grid grid-cols-[14px_minmax(0,1fr)] gap-x-2.5">
                <span className="flex h-5 items-center">
                  {row.depth === 0 ? <StatusMark status="bad" label="Blocker" /> : <Corner />}
                </span>
                <div className="min-w-0">
                  <div className="flex flex-wrap items-baseline gap-x-3">
                    <AppLink
                      href={url.href({ session: String(row.pid) })}
                      scroll={false}
                      className="min-w-0 max-w-full font-medium outline-none after:absolute after:inset-0"
                    >
                      <SessionName row={row} />
                    </AppLink>
                    <span className="text-md tabular-nums">
                      <Role row={row} />
                    </span>
                  </div>
                  <div className="text-muted">
                    <Doing row={row} />
                  </div>
                </div>
              </div>
            </li>
          ))}
        </ul>
      </Panel>
    </div>
  )
}

function Role({ row }: { row: SessionRow }) {
  const { depth, waiting, waitingMs, stateMs, statementMs, state, blockedBy } = row
  const holds = waiting.length > 0 ? `holds up ${formatExact(waiting.length)}` : undefined
  if (depth === 0)
    return (
      <>
        <b className="font-semibold text-bad">{holds}</b>
        <span className="text-muted">
          , {state ?? 'in a state that is hidden'}
          {state === undefined ? '' : ` for ${formatWhole((state === 'active' ? statementMs : stateMs) ?? 0)}`}
        </span>
      </>
    )
  return (
    <span className="text-muted">
      <span className="sr-only">behind pid {blockedBy.join(', ')}, </span>
      has waited <b className="font-medium text-ink">{formatWhole(waitingMs ?? 0)}</b> for{' '}
      {awaitedWords(row) ?? 'a lock'}
      {holds ? `, ${holds} itself` : ''}
    </span>
  )
}

/** From a waiter to the one above it. */
function Corner() {
  return (
    <svg viewBox="0 0 12 12" aria-hidden className="size-3 text-faint">
      <path d="M2 0v6h8" fill="none" stroke="currentColor" strokeWidth="1.5" />
    </svg>
  )
}
