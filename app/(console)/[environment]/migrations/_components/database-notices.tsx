import type { ReactNode } from 'react'
import { RelativeTime } from '@/components/status/relative-time'
import { type Status, StatusMark } from '@/components/status/status-mark'
import { AppLink } from '@/components/ui/app-link'
import { CopyButton } from '@/components/ui/copy-button'
import type { DatabaseMigrations, MigrationsState } from '@/lib/console/areas/migrations/views/migrations'

interface DatabaseNoticesProps {
  state: MigrationsState
  run: DatabaseMigrations['run']
  drift: DatabaseMigrations['drift']
  environment: string
}

/** What to know before anything is run here: who is migrating, what failed, what disagrees, what may not be done. */
export function DatabaseNotices({ state, run, drift, environment }: DatabaseNoticesProps) {
  const { lock, pooled, lacks, invalidIndexes, journal, foreignTables, counts, account, ignored } = state
  const latest = run.status === 'down' ? undefined : run.data.latest
  const failed = latest && ['failed', 'partial', 'unknown'].includes(latest.status) && counts.pending > 0
  return (
    <>
      {lock ? (
        <Notice status="warning" title={`Locked by ${lock.application || lock.account || 'another session'}`}>
          pid {lock.pid}
          {lock.account ? `, as ${lock.account}` : ''}
          {lock.address ? ` from ${lock.address}` : ''}
          {lock.since === undefined ? (
            ', since when this account may not see'
          ) : (
            <>
              , for <RelativeTime at={lock.since} as="age" />
            </>
          )}
          . No one else can migrate until it is done.
        </Notice>
      ) : null}
      {run.status === 'down' ? (
        <Notice status="unknown" title="What was run from here, and by whom, is not known">
          {run.reason}. What the journal of this database says is shown; nothing can be run until that is back.
        </Notice>
      ) : null}
      {failed ? (
        <Notice
          status={latest.status === 'unknown' ? 'unknown' : 'bad'}
          title={latest.status === 'unknown' ? 'The outcome of the last act is unknown' : 'The last act failed'}
        >
          <span className="break-words">{latest.summary}</span> {latest.by},{' '}
          <RelativeTime at={latest.finishedAt ?? latest.startedAt} />.{' '}
          <AppLink className="underline" href={`/${environment}/audit?run=${latest.id}`}>
            See the act
          </AppLink>
        </Notice>
      ) : null}
      {invalidIndexes.map(index => (
        <Notice
          key={`${index.schema}.${index.name}`}
          status={index.building ? 'unknown' : 'warning'}
          title={index.building ? 'An index is not valid yet' : 'An INVALID index was left behind'}
        >
          <code className="break-all">
            {index.schema}.{index.name}
          </code>{' '}
          on {index.table}.{' '}
          {index.building
            ? 'A session holds the lock of an index build, so it may still be being built.'
            : 'Writes pay for it and no query uses it. Drop it, or run the migration that builds it: it is replaced then.'}
        </Notice>
      ))}
      {pooled ? (
        <Notice status="warning" title="The address leads through a pooler">
          Migrations can be looked at but not run: the lock is kept by a session. Give a direct address:{' '}
          <code>migrations: {'{ folder, url }'}</code>.
        </Notice>
      ) : null}
      {journal.exists ? null : (
        <Notice status="unknown" title="Nothing was run here yet">
          There is no journal ({journal.schema}.{journal.table})
          {foreignTables > 0
            ? `, though there ${foreignTables === 1 ? 'is 1 table' : `are ${foreignTables} tables`}: make sure that these migrations belong here`
            : ''}
          . The first run makes it, if you ask for that.
        </Notice>
      )}
      {lacks.map(({ right, grant }) => (
        <Notice key={right} status="warning" title={`The account ${account} lacks ${right}`}>
          <span className="flex min-w-0 items-center gap-1">
            <code className="break-all">{grant}</code>
            <CopyButton value={grant} label="Copy the grant" />
          </span>
        </Notice>
      ))}
      <DriftNotice drift={drift} />
      {ignored.length > 0 ? (
        <Notice status="unknown" title={ignored.length === 1 ? 'A file is left out' : 'Some files are left out'}>
          {ignored.slice(0, 5).map(({ file, why }, index) => (
            <span key={file}>
              {index > 0 ? '; ' : ''}
              <code>{file}</code> {why}
            </span>
          ))}
          {ignored.length > 5 ? ` and ${ignored.length - 5} more` : ''}.
        </Notice>
      ) : null}
    </>
  )
}

/** Differences found by comparing, the first of them open to the eye. */
function DriftNotice({ drift }: { drift: DatabaseMigrations['drift'] }) {
  if (drift.status === 'down')
    return (
      <Notice status="unknown" title="Whether the schema is as declared is not known">
        {drift.reason}.
      </Notice>
    )
  if (!drift.data.known || drift.data.differences.length === 0) return null
  const { differences, declaredIn } = drift.data
  const [first, ...rest] = differences.map(({ words }) => `${words}.`)
  return (
    <Notice
      status="warning"
      title={`The schema differs from ${declaredIn} in ${differences.length === 1 ? 'one point' : `${differences.length} points`}`}
    >
      <p className="break-words">{first}</p>
      {rest.length > 0 ? (
        <details>
          <summary className="cursor-pointer">{rest.length} more</summary>
          <ul className="grid gap-0.5">
            {rest.map(words => (
              <li key={words} className="break-words">
                {words}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </Notice>
  )
}

const TINT: Record<Status, string> = {
  good: '',
  warning: 'bg-warning-soft',
  bad: 'bg-bad-soft',
  unknown: 'bg-unknown-soft',
}

function Notice({ status, title, children }: { status: Status; title: string; children: ReactNode }) {
  return (
    <div
      className={`grid grid-cols-[auto_minmax(0,1fr)] gap-x-2.5 border-b border-line px-3.5 py-2 text-md ${TINT[status]}`}
    >
      <span className="flex h-5 items-center">
        <StatusMark status={status} />
      </span>
      <div className="min-w-0">
        <p className="font-medium">{title}</p>
        <div className="text-muted">{children}</div>
      </div>
    </div>
  )
}
