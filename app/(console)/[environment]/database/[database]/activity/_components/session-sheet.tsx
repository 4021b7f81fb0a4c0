'use client'

import { SqlText } from '@/app/(console)/_parts/migrations/sql-text'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { Duration } from '@/components/status/duration'
import { type Fact, KeyValue } from '@/components/status/key-value'
import { PartBoundary } from '@/components/status/part-boundary'
import { CopyButton } from '@/components/ui/copy-button'
import { EmptyState } from '@/components/ui/empty-state'
import { SheetBody, SheetFooter, SheetHeader } from '@/components/ui/sheet'
import type { SessionRow } from '@/lib/console/areas/database/session-row'
import type { ActivityState } from '@/lib/console/areas/database/views/activity'
import type { Part } from '@/lib/console/platform/part/part'
import { SessionActs } from '../../_components/session-acts'
import { awaitedWords, SessionName, SessionState } from './session-words'

interface SessionSheetProps {
  database: string
  pid: number
  activity: Part<ActivityState>
}

/** One session: whose it is, what it does, whom it holds up, and the acts on it. */
export function SessionSheet({ database, pid, activity }: SessionSheetProps) {
  const known = activity.status === 'down' ? undefined : activity.data
  const row = [...(known?.tree ?? []), ...(known?.rows ?? [])].find(one => one.pid === pid)
  return (
    <>
      <SheetHeader title={row ? <SessionName row={row} /> : `Session ${pid}`} description={database}>
        {row ? (
          <span className="flex h-7 items-center">
            <SessionState row={row} />
          </span>
        ) : null}
      </SheetHeader>
      {row && activity.status === 'up' && !row.own ? (
        <SheetFooter>
          <SessionActs database={database} session={{ ...row, active: row.state === 'active' }} />
        </SheetFooter>
      ) : null}
      <SheetBody>
        <div className="-m-4">
          <PartBoundary part={activity} what={`Postgres ${database}`}>
            {data =>
              row ? (
                <Details row={row} others={data.tree} />
              ) : (
                <EmptyState title="No such session is listed">It has ended, or the filters hide it.</EmptyState>
              )
            }
          </PartBoundary>
        </div>
      </SheetBody>
    </>
  )
}

function Details({ row, others }: { row: SessionRow; others: readonly SessionRow[] }) {
  const waiting = others.filter(({ pid }) => row.waiting.includes(pid))
  const holders = others.filter(({ pid }) => row.blockedBy.includes(pid))
  return (
    <>
      <KeyValue className="px-4 py-3.5 tabular-nums" facts={factsOf(row)} />
      {holders.length > 0 ? (
        <Section title="Waits for" note={awaitedWords(row)}>
          <Names rows={holders} />
        </Section>
      ) : null}
      {waiting.length > 0 ? (
        <Section title="Wait for it" note="they go on when its transaction ends">
          <Names rows={waiting} />
        </Section>
      ) : null}
      <Section
        title={row.state === 'active' ? 'Statement' : 'Last statement'}
        note={row.queryCut ? 'the server keeps no more of it' : undefined}
        action={row.query ? <CopyButton value={row.query} label="Copy the statement" /> : null}
      >
        {row.query ? (
          <div className="mx-4 mb-2 rounded-lg border border-line bg-sunk">
            <SqlText sql={row.query} label="Its SQL" />
          </div>
        ) : (
          <p className="px-4 py-1 text-md text-muted">
            {row.hidden ? 'Postgres hides it from the account of the console.' : 'It has sent none.'}
          </p>
        )}
      </Section>
    </>
  )
}

function factsOf(row: SessionRow): Fact[] {
  const { service, instance, user, address, database, kind, state, stateMs, transactionMs, wait, writes, hidden } = row
  return [
    { label: 'Service', value: service ? `${service}${instance ? `, ${instance}` : ''}` : <Unnamed row={row} /> },
    {
      label: 'Account',
      value: [user, address && `from ${address}`, database && `in ${database}`].filter(Boolean).join(' ') || '–',
    },
    ...(kind && kind !== 'client backend' ? [{ label: 'Kind', value: kind }] : []),
    {
      label: 'State',
      value: hidden ? (
        <span className="text-muted">hidden from this account</span>
      ) : (
        <>
          {state ?? 'none'}{' '}
          {stateMs === undefined ? null : (
            <span className="text-muted">
              for <Duration ms={stateMs} />
            </span>
          )}
        </>
      ),
    },
    {
      label: 'Transaction',
      value:
        transactionMs === undefined ? (
          <span className="text-muted">{hidden ? 'hidden' : 'none'}</span>
        ) : (
          <>
            open for <Duration ms={transactionMs} />{' '}
            <span className="text-muted">{writes ? 'and has written or locked rows' : 'and has written nothing'}</span>
          </>
        ),
    },
    ...(wait ? [{ label: 'Wait event', value: `${wait.type}: ${wait.event}` }] : []),
  ]
}

function Unnamed({ row: { application, own } }: { row: SessionRow }) {
  if (own) return 'this console'
  return (
    <span className="text-muted">{application ? 'no service of the fleet has this name' : 'it gives no name'}</span>
  )
}

function Names({ rows }: { rows: readonly SessionRow[] }) {
  return (
    <ul className="text-md">
      {rows.map(row => (
        <li key={row.pid} className="flex items-baseline justify-between gap-3 px-4 py-1">
          <SessionName row={row} />
          <SessionState row={row} />
        </li>
      ))}
    </ul>
  )
}
