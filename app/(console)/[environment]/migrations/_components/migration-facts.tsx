import { Duration } from '@/components/status/duration'
import { type Fact, KeyValue } from '@/components/status/key-value'
import { RelativeTime } from '@/components/status/relative-time'
import { StatusMark } from '@/components/status/status-mark'
import { AppLink } from '@/components/ui/app-link'
import { Callout } from '@/components/ui/callout'
import type { MigrationRow } from '@/lib/console/areas/migrations/migration-row'
import type { ShownScript } from '@/lib/console/areas/migrations/views/migration'

interface MigrationFactsProps {
  row: MigrationRow
  up: ShownScript | undefined
  appliedChecksum: string | undefined
  environment: string
}

export function MigrationFacts({ row, up, appliedChecksum, environment }: MigrationFactsProps) {
  const facts: Fact[] = [
    { label: 'Applied', value: <Applied row={row} environment={environment} /> },
    {
      label: 'Runs',
      value: row.alone ? 'alone, outside a transaction' : 'in one transaction with its line in the journal',
    },
    { label: 'Rollback', value: rollbackOf(row) },
    {
      label: 'Checksum',
      value: up ? <code title={up.checksum}>{up.checksum.slice(0, 16)}</code> : 'unknown: the file is gone',
    },
  ]
  if (row.state === 'drifted' && appliedChecksum)
    facts.push({ label: 'When applied', value: <code title={appliedChecksum}>{appliedChecksum.slice(0, 16)}</code> })
  return (
    <div className="grid gap-3 px-4 py-3.5">
      {row.state === 'drifted' ? (
        <Callout tone="warning" mark={<StatusMark status="warning" />} title="The file changed after it was applied">
          <p>What ran in this database is not what the file says now. Restore the file, or mend it forward.</p>
        </Callout>
      ) : null}
      {row.outOfOrder ? (
        <Callout tone="warning" mark={<StatusMark status="warning" />} title="It comes late">
          <p>Migrations after it are applied already. Make sure that it does not rely on what they changed.</p>
        </Callout>
      ) : null}
      {row.remarks.map(remark => (
        <Callout key={remark} tone="warning" mark={<StatusMark status="warning" />} title="To know before it is run">
          <p className="break-words">{remark}</p>
        </Callout>
      ))}
      {row.problem ? (
        <Callout tone="bad" mark={<StatusMark status="bad" />} title="It cannot be run as it is">
          <p className="break-words">{row.problem}.</p>
        </Callout>
      ) : null}
      <KeyValue facts={facts} />
    </div>
  )
}

/** Honest about what a rollback can do: the schema comes back, values do not. */
function rollbackOf({ reversible, loses, downLoses }: MigrationRow): string {
  if (!reversible) return loses.length > 0 ? `none; it loses ${loses.join(', ')}` : 'none'
  if (loses.length > 0) return `the schema only: it loses ${loses.join(', ')}, which no rollback brings back`
  if (downLoses.length > 0) return `yes, but rolling back loses ${downLoses.join(', ')}`
  return 'yes; nothing that was there before is lost'
}

function Applied({ row: { applied, state }, environment }: { row: MigrationRow; environment: string }) {
  if (!applied) return state === 'pending' ? 'not yet' : 'unknown'
  if (applied.at === undefined) return 'not by this console; its journal says neither when nor by whom'
  return (
    <>
      <RelativeTime at={applied.at} />
      {applied.by ? ` by ${applied.by}` : ''}
      {applied.durationMs === undefined ? null : (
        <>
          , in <Duration ms={applied.durationMs} />
        </>
      )}
      {applied.run ? (
        <>
          .{' '}
          <AppLink className="underline" href={`/${environment}/audit?run=${applied.run}`}>
            See the act
          </AppLink>
        </>
      ) : null}
    </>
  )
}
