import type { ListRows } from '@/app/(console)/_parts/list/list-table'
import type { DataColumn } from '@/components/data-table/data-column'
import { Duration } from '@/components/status/duration'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import type { SessionRow } from '@/lib/console/areas/database/session-row'
import { Doing, SessionName, SessionState } from './session-words'

const who: DataColumn<SessionRow> = { id: 'who', header: 'Session', width: 236, cell: row => <SessionName row={row} /> }
const state: DataColumn<SessionRow> = {
  id: 'state',
  header: 'State',
  width: 164,
  hideBelow: 'wide',
  cell: row => <SessionState row={row} />,
}
const transaction: DataColumn<SessionRow> = {
  id: 'transaction',
  header: 'Transaction',
  hint: 'How long its transaction has been open',
  width: 112,
  align: 'end',
  hideBelow: 'wide',
  cell: row => <Open row={row} />,
}
const wait: DataColumn<SessionRow> = {
  id: 'wait',
  header: 'Waits for',
  width: 164,
  hideBelow: 'desk',
  cell: row => <Wait row={row} />,
}
const user: DataColumn<SessionRow> = {
  id: 'user',
  header: 'Account',
  width: 120,
  hideBelow: 'broad',
  cell: row => <MiddleTruncate text={row.user ?? ''} className="text-muted" />,
}
const statement: DataColumn<SessionRow> = {
  id: 'statement',
  header: 'Statement',
  hint: 'The one that runs, or the last one',
  hideBelow: 'wide',
  cell: row => <Doing row={row} />,
}

export const sessionColumns: ListRows<SessionRow> = {
  noun: ['session', 'sessions'],
  key: row => `${row.pid} ${row.session ?? ''}`,
  columns: {
    alone: [who, state, transaction, wait, user, statement],
    beside: [who, { ...state, width: 150 }, statement],
  },
  secondary: row => (
    <div className="grid gap-0.5 pb-1">
      <span className="flex flex-wrap items-center gap-x-3">
        <SessionState row={row} />
        {row.transactionMs === undefined ? null : (
          <span>
            open for <Duration ms={row.transactionMs} />
          </span>
        )}
      </span>
      <Doing row={row} />
    </div>
  ),
  opens: row => ({ session: String(row.pid) }),
}

function Open({ row: { transactionMs } }: { row: SessionRow }) {
  return transactionMs === undefined ? <span className="text-faint">none</span> : <Duration ms={transactionMs} />
}

function Wait({ row: { awaits, wait, state } }: { row: SessionRow }) {
  if (awaits) return <MiddleTruncate text={awaits.table ?? awaits.kind} className="font-medium text-bad" />
  // An idle session waits for its client, as it should.
  if (!wait || state !== 'active') return <span className="text-faint">–</span>
  return <MiddleTruncate text={`${wait.type}: ${wait.event}`} className="text-muted" />
}
