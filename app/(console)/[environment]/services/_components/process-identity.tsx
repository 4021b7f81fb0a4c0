import { RunbookLink } from '@/app/(console)/_parts/ownership/owner-and-runbook'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { type Fact, KeyValue } from '@/components/status/key-value'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { RelativeTime } from '@/components/status/relative-time'
import { Unknown } from '@/components/status/short-number'
import { AppLink } from '@/components/ui/app-link'
import { CopyButton } from '@/components/ui/copy-button'
import type { ProcessRow } from '@/lib/console/areas/services/views/services'
import { LastBeat } from './instance-columns'

export function ProcessIdentity({ environment, row }: { environment: string; row: ProcessRow }) {
  const facts: Fact[] = [
    { label: 'Last beat', value: <LastBeat row={row} /> },
    {
      label: 'Started',
      value:
        row.startedAt === undefined ? (
          <Unknown />
        ) : (
          <>
            <RelativeTime at={row.startedAt} as="clock" />, <RelativeTime at={row.startedAt} />
          </>
        ),
    },
    {
      label: 'Version',
      value: (
        <>
          {row.version ?? <Unknown why="It registered without a version" />}
          {row.commit ? <code className="ml-2 text-muted">{row.commit.slice(0, 12)}</code> : null}
        </>
      ),
    },
    {
      label: 'Service',
      value: (
        <AppLink
          href={`/${environment}/services?service=${encodeURIComponent(row.service)}`}
          className="block min-w-0 text-accent hover:underline"
        >
          <MiddleTruncate text={row.service} />
        </AppLink>
      ),
    },
    {
      label: 'Runs on',
      value: row.host ? (
        <span className="break-words">
          {row.host}
          {row.pid === undefined ? null : <span className="text-muted">, pid {row.pid}</span>}
          {row.runtime ? <span className="text-muted">, {row.runtime}</span> : null}
        </span>
      ) : (
        <Unknown />
      ),
    },
    {
      label: 'Owner',
      value: row.owner ? (
        <span className="break-words">{row.owner}</span>
      ) : (
        <span className="text-muted">no owner named</span>
      ),
    },
    ...(row.runbook ? [{ label: 'Runbook', value: <RunbookLink runbook={row.runbook} /> }] : []),
    {
      label: 'Id',
      value: (
        <span className="flex min-w-0 items-center gap-1">
          <code className="min-w-0 break-all">{row.id}</code>
          <CopyButton value={row.id} label="Copy the process id" className="-my-1" />
        </span>
      ),
    },
  ]
  return (
    <Section title="Identity">
      <KeyValue facts={facts} className="px-4 pb-1" />
    </Section>
  )
}
