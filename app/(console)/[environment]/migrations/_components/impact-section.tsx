import { useView } from '@/app/(console)/_frame/use-view'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { SheetWaiting } from '@/app/(console)/_parts/sheets/sheet-waiting'
import { Duration } from '@/components/status/duration'
import { PartBoundary } from '@/components/status/part-boundary'
import { StatusMark } from '@/components/status/status-mark'
import type { MigrationImpactData } from '@/lib/console/areas/migrations/views/migration-impact'
import { formatBytes, formatExact, formatShort } from '@/lib/core/number-format'

type Statement = Extract<NonNullable<MigrationImpactData['impact']>, { status: 'up' }>['data'][number]
type Lock = Statement['locks'][number]

interface ImpactSectionProps {
  database: string
  name: string
  environment: string
}

/** What a pending migration would lock in the database as it is now, for how long at least, and who would be in the way. */
export function ImpactSection({ database, name, environment }: ImpactSectionProps) {
  const { reading, failed } = useView<MigrationImpactData>(
    { view: 'migration-impact', environment, filters: { database, name } },
    undefined,
  )
  const impact = reading?.data.impact
  if (reading && !impact) return null
  return (
    <Section title="Now" note="what it would lock in this database as it is">
      {impact ? (
        <PartBoundary part={impact} what={`Postgres ${database}`}>
          {statements =>
            statements.length === 0 ? (
              <p className="px-4 pb-1 text-md text-muted">Nothing that exists, as far as its text says.</p>
            ) : (
              <ul className="grid gap-2.5 px-4 pb-2">
                {statements.map(statement => (
                  <StatementNow key={`${statement.line} ${statement.verb}`} statement={statement} />
                ))}
              </ul>
            )
          }
        </PartBoundary>
      ) : (
        <SheetWaiting what="Its impact" failed={failed} />
      )}
    </Section>
  )
}

function StatementNow({ statement: { line, verb, locks, blockers } }: { statement: Statement }) {
  return (
    <li className="grid gap-1 text-md">
      <p className="font-medium">
        Line <span className="tabular-nums">{line}</span>, {verb}
      </p>
      {locks.map(lock => (
        <LockNow key={`${lock.table} ${lock.mode}`} lock={lock} />
      ))}
      {blockers.map(({ pid, application, account, state, transactionMs, holds }) => (
        <p key={pid} className="flex gap-2">
          <span className="flex h-5 items-center">
            <StatusMark status="warning" label="In the way" />
          </span>
          <span className="min-w-0 break-words">
            {application || account || 'a session'}, pid <span className="tabular-nums">{pid}</span>
            {state ? `, ${state}` : ''}
            {transactionMs === undefined ? null : (
              <>
                , its transaction <Duration ms={transactionMs} /> old
              </>
            )}
            <span className="text-muted"> ({holds === 'snapshot' ? 'an older snapshot' : holds})</span>
          </span>
        </p>
      ))}
    </li>
  )
}

function LockNow({ lock }: { lock: Lock }) {
  const { table, mode, words, rows, bytes, indexBytes, writesPerSecond, atLeastMs } = lock
  return (
    <div className="min-w-0">
      <p>
        {mode === 'rows' ? 'Rows of' : mode} {mode === 'rows' ? '' : 'on '}
        <code className="break-all">{table}</code>{' '}
        <span className="text-muted tabular-nums">
          {formatBytes(bytes)}
          {indexBytes > 0 ? `, indexes ${formatBytes(indexBytes)}` : ''}
          {rows === undefined ? ', number of rows unknown' : `, about ${formatExact(Math.round(rows))} rows`}
          {writesPerSecond === undefined ? '' : `, ${formatShort(writesPerSecond)} written a second`}
        </span>
      </p>
      <p className="text-muted">
        {words}
        {atLeastMs === undefined ? null : (
          <>
            {' '}
            At least <Duration ms={Math.max(1, atLeastMs)} />, at the rate at which a sample was read just now.
          </>
        )}
      </p>
    </div>
  )
}
