import { Section } from '@/app/(console)/_parts/sheets/section'
import { RunStatusBadge } from '@/components/operation/run-status'
import { PartBoundary } from '@/components/status/part-boundary'
import { RelativeTime } from '@/components/status/relative-time'
import { AppLink } from '@/components/ui/app-link'
import type { MigrationRun } from '@/lib/console/areas/migrations/runs'
import type { Part } from '@/lib/console/platform/part/part'

interface MigrationRunsProps {
  part: Part<MigrationRun[]>
  environment: string
  database: string
}

/** What was done to this database from here. */
export function MigrationRuns({ part, environment, database }: MigrationRunsProps) {
  return (
    <Section title={`Acts on ${database}`} note="from this console">
      <PartBoundary part={part} what="The record of acts">
        {runs =>
          runs.length === 0 ? (
            <p className="px-4 pb-1 text-md text-muted">None so far.</p>
          ) : (
            <ul>
              {runs.map(run => (
                <li key={run.id} className="grid gap-0.5 border-t border-line px-4 py-2 text-md first:border-0">
                  <span className="flex flex-wrap items-center gap-x-2">
                    <RunStatusBadge status={run.status} quiet />
                    <AppLink
                      className="underline-offset-2 hover:underline"
                      href={`/${environment}/audit?run=${run.id}`}
                    >
                      {run.operation === 'migration.run' ? 'Run' : 'Roll back'} by {run.by}
                    </AppLink>
                    <span className="ml-auto text-sm text-muted">
                      <RelativeTime at={run.startedAt} />
                    </span>
                  </span>
                  {run.summary ? <p className="text-sm break-words text-muted">{run.summary}</p> : null}
                </li>
              ))}
            </ul>
          )
        }
      </PartBoundary>
    </Section>
  )
}
