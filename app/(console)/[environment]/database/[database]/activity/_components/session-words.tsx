import { type Status, StatusBadge } from '@/components/status/status-mark'
import type { SessionRow } from '@/lib/console/areas/database/session-row'
import { formatExact } from '@/lib/core/number-format'
import { formatWhole } from '@/lib/core/time-format'

/** A transaction that is open for so long while nothing happens deserves a look (ms). */
const LONG_OPEN = 60_000

/** The application name, which names an instance of the fleet, and the pid. */
export function SessionName({ row: { application, kind, own, pid, user } }: { row: SessionRow }) {
  const name =
    pid === 0 ? 'prepared transaction' : (application ?? (kind === 'client backend' ? user : kind) ?? 'hidden')
  return (
    <span className="flex min-w-0 items-baseline gap-1.5">
      <span className="min-w-0 truncate" title={name}>
        {name}
      </span>
      {pid === 0 ? null : <span className="shrink-0 font-mono text-sm text-muted">{pid}</span>}
      {own ? <span className="shrink-0 text-sm text-muted">console</span> : null}
    </span>
  )
}

export function SessionState({ row }: { row: SessionRow }) {
  const [status, word] = stateOf(row)
  // Most sessions do nothing most of the time: the eye should pass over them.
  if (status === undefined) return <span className="text-sm text-muted tabular-nums">{word}</span>
  return (
    <StatusBadge status={status} quiet={status === 'good'} className="tabular-nums">
      {word}
    </StatusBadge>
  )
}

function stateOf({
  awaits,
  waitingMs,
  waiting,
  state,
  stateMs,
  statementMs,
  kind,
  hidden,
  pid,
}: SessionRow): [Status | undefined, string] {
  if (awaits) return ['bad', waitingMs === undefined ? 'Waiting' : `Waiting ${formatWhole(waitingMs)}`]
  if (waiting.length > 0) return ['bad', `Holds up ${formatExact(waiting.length)}`]
  if (hidden) return ['unknown', 'Hidden']
  if (pid === 0) return ['warning', 'Prepared']
  if (state === 'active') return ['good', statementMs === undefined ? 'Active' : `Active ${formatWhole(statementMs)}`]
  if (state?.startsWith('idle in transaction'))
    return [(stateMs ?? 0) > LONG_OPEN ? 'warning' : undefined, `Idle in tx ${formatWhole(stateMs ?? 0)}`]
  if (state === 'idle') return [undefined, 'Idle']
  return [undefined, state ?? (kind === 'client backend' ? 'Starting' : 'Running')]
}

/** Its statement in a line. */
export function Doing({ row: { query, hidden } }: { row: SessionRow }) {
  if (query === undefined || query === '')
    return <span className="text-faint">{hidden ? 'hidden from this account' : 'none yet'}</span>
  return (
    <code className="block truncate text-sm" title={query}>
      {query}
    </code>
  )
}

/** `ShareLock on shop.stock`, for the one that waits. */
export function awaitedWords({ awaits }: SessionRow): string | undefined {
  if (!awaits) return undefined
  const { mode, kind, table } = awaits
  if (kind === 'transactionid' || kind === 'tuple')
    return table ? `a row of ${table}` : 'a row that another transaction changed'
  return table ? `${mode.replace(/Lock$/, '')} on ${table}` : `a lock (${kind}, ${mode})`
}
