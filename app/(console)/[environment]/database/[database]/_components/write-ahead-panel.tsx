import { KeyValue } from '@/components/status/key-value'
import { Panel } from '@/components/status/panel'
import { PartBoundary } from '@/components/status/part-boundary'
import { RelativeTime } from '@/components/status/relative-time'
import { ShortNumber } from '@/components/status/short-number'
import type { DatabaseOverviewData } from '@/lib/console/areas/database/views/overview'
import { formatExact } from '@/lib/core/number-format'
import { formatDuration } from '@/lib/core/time-format'

type Overview = NonNullable<DatabaseOverviewData['overview']>
type WriteAhead = Extract<Overview['writeAhead'], { status: 'up' }>['data']

/** Write-ahead log, checkpoints, archive. */
export function WriteAheadPanel({ name, writeAhead }: { name: string; writeAhead: Overview['writeAhead'] }) {
  return (
    <Panel title="Write-ahead log" note="of the whole server">
      <PartBoundary part={writeAhead} what={`Postgres ${name}`}>
        {data => (
          <KeyValue
            className="p-3.5 tabular-nums"
            facts={[
              { label: 'Written', value: <Written written={data.written} /> },
              { label: 'Checkpoints', value: <Checkpoints data={data} /> },
              { label: 'Archive', value: <Archive archive={data.archive} /> },
            ]}
          />
        )}
      </PartBoundary>
    </Panel>
  )
}

function Written({ written }: Pick<WriteAhead, 'written'>) {
  if (!written) return <span className="text-muted">Postgres counts it from version 14 on</span>
  const { bytes, records, fullPages, since } = written
  return (
    <>
      <ShortNumber as="bytes" value={bytes} />
      {since === undefined ? null : (
        <span className="text-muted">
          {' '}
          since <RelativeTime at={since} />
        </span>
      )}
      <span className="block text-muted">
        <ShortNumber value={fullPages} /> images of whole pages, <ShortNumber value={records} /> records
      </span>
    </>
  )
}

function Checkpoints({ data: { checkpoints, settings } }: { data: WriteAhead }) {
  const { timed, requested, writeMs, syncMs } = checkpoints
  return (
    <>
      {formatExact(timed)} on time,{' '}
      <span className={requested > timed && requested > 20 ? 'font-medium text-warning' : undefined}>
        {formatExact(requested)} before their time
      </span>
      <span className="block text-muted">
        writing took {formatDuration(writeMs)}, syncing {formatDuration(syncMs)}; every {settings.checkpointTimeout}, or
        at {settings.maxWalSize}
      </span>
    </>
  )
}

function Archive({ archive: { mode, archived, failed, failing, lastFailed } }: Pick<WriteAhead, 'archive'>) {
  if (mode === 'off') return <span className="text-muted">off</span>
  return (
    <>
      {failing ? <b className="font-medium text-bad">failing at {lastFailed}</b> : 'up to date'}
      <span className="text-muted">
        , {formatExact(archived)} archived, {formatExact(failed)} failures
      </span>
    </>
  )
}
