'use client'

import { useView } from '@/app/(console)/_frame/use-view'
import { LiveOutput } from '@/app/(console)/_parts/migrations/live-output'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { SheetWaiting } from '@/app/(console)/_parts/sheets/sheet-waiting'
import { isUnderWay } from '@/components/operation/answer'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { PartBoundary } from '@/components/status/part-boundary'
import { EmptyState } from '@/components/ui/empty-state'
import { SheetBody, SheetFooter, SheetHeader } from '@/components/ui/sheet'
import type { MigrationData } from '@/lib/console/areas/migrations/views/migration'
import type { Reading } from '@/lib/console/platform/view/read'
import { ImpactSection } from './impact-section'
import { MigrationActs } from './migration-acts'
import { MigrationFacts } from './migration-facts'
import { MigrationMark } from './migration-mark'
import { MigrationRuns } from './migration-runs'
import { ScriptView } from './script-view'

interface MigrationSheetProps {
  database: string
  name: string
  environment: string
  initial: Reading<MigrationData> | undefined
}

/** One migration: how it stands, its SQL both ways, what it would lock, and what was done to its database. */
export function MigrationSheet({ database, name, environment, initial }: MigrationSheetProps) {
  const { reading, failed } = useView<MigrationData>(
    { view: 'migration', environment, filters: { database, name } },
    initial,
  )
  const part = reading?.data.migration
  const known = part && part.status !== 'down' ? part.data : undefined
  const runs = reading?.data.runs
  const underWay = runs && runs.status !== 'down' ? runs.data.find(run => isUnderWay(run.status)) : undefined
  return (
    <>
      <SheetHeader
        title={<MiddleTruncate text={name} />}
        description={<MiddleTruncate text={`Migration of ${database}`} />}
      >
        {known?.row ? (
          <span className="flex h-7 items-center">
            <MigrationMark row={known.row} />
          </span>
        ) : null}
      </SheetHeader>
      {known?.row && part?.status === 'up' && !known.lock ? (
        <SheetFooter className="justify-start">
          <MigrationActs database={database} row={known.row} before={known.before} after={known.after} />
        </SheetFooter>
      ) : null}
      <SheetBody>
        {/* The sections have edges of their own, from side to side. */}
        <div className="-m-4">
          {part === undefined ? <SheetWaiting what="The migration" failed={failed} /> : null}
          {part && (
            <PartBoundary part={part} what={`Postgres ${database}`}>
              {data =>
                data.row ? (
                  <>
                    <MigrationFacts
                      row={data.row}
                      up={data.up}
                      appliedChecksum={data.appliedChecksum}
                      environment={environment}
                    />
                    {underWay ? <LiveOutput run={underWay.id} environment={environment} /> : null}
                    {data.row.state === 'pending' ? (
                      <ImpactSection database={database} name={name} environment={environment} />
                    ) : null}
                    {data.up ? (
                      <ScriptView title="Up" file={`${name}.sql`} script={data.up} />
                    ) : (
                      <Section title="Up">
                        <p className="px-4 pb-1 text-md text-muted">
                          Its file is gone, so what it did cannot be shown.
                        </p>
                      </Section>
                    )}
                    {data.down ? (
                      <ScriptView title="Down" file={`${name}.down.sql`} script={data.down} />
                    ) : (
                      <Section title="Down">
                        <p className="px-4 pb-1 text-md text-muted">
                          There is no <code className="break-all">{name}.down.sql</code>: it cannot be rolled back.
                        </p>
                      </Section>
                    )}
                  </>
                ) : (
                  <EmptyState title="There is no such migration">
                    No file and no line of the journal of {database} goes by this name.
                  </EmptyState>
                )
              }
            </PartBoundary>
          )}
          {runs ? <MigrationRuns part={runs} environment={environment} database={database} /> : null}
        </div>
      </SheetBody>
    </>
  )
}
