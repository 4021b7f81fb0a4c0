'use client'

import { useView } from '@/app/(console)/_frame/use-view'
import type { UrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { OwnerAndRunbook } from '@/app/(console)/_parts/ownership/owner-and-runbook'
import { ProcessLines } from '@/app/(console)/_parts/processes/process-lines'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { SheetWaiting } from '@/app/(console)/_parts/sheets/sheet-waiting'
import { KeyValue } from '@/components/status/key-value'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { PartBoundary } from '@/components/status/part-boundary'
import { RelativeTime } from '@/components/status/relative-time'
import { EmptyState } from '@/components/ui/empty-state'
import { SheetBody, SheetHeader } from '@/components/ui/sheet'
import type { SagaRow } from '@/lib/console/areas/sagas/rows'
import type { SagaData } from '@/lib/console/areas/sagas/views/saga'
import { formatExact } from '@/lib/core/number-format'
import { RunDetails } from './run-details'
import { SagaRuns } from './saga-runs'
import { SagaBadge } from './saga-state'

interface SagaSheetProps {
  id: string
  environment: string
  url: UrlFilters
}

/** One saga of a service, and one of its runs where the address names one. */
export function SagaSheet({ id, environment, url }: SagaSheetProps) {
  const { reading, failed } = useView<SagaData>({ view: 'saga', environment, filters: { id } }, undefined)
  const found = reading?.data.found
  const row = found && found.status !== 'down' ? found.data.saga : undefined
  const run = url.get('run')
  return (
    <>
      <SheetHeader
        title={<MiddleTruncate text={row?.name ?? (id.split('/').at(-1) || id)} />}
        description={row ? <MiddleTruncate text={row.service} /> : 'Saga'}
      >
        {row ? (
          <span className="flex h-7 items-center">
            <SagaBadge state={row.state} />
          </span>
        ) : null}
      </SheetHeader>
      <SheetBody>
        <div className="-m-4">
          {found ? (
            <PartBoundary part={found} what={`The fleet of ${environment}`}>
              {({ saga }) =>
                saga === undefined ? (
                  <EmptyState title="No process has this saga">
                    Those that had it have left, or it goes by another name now.
                  </EmptyState>
                ) : run ? (
                  <RunDetails
                    key={run}
                    environment={environment}
                    service={saga.service}
                    saga={saga.name}
                    id={run}
                    onClose={() => url.set({ run: undefined })}
                  />
                ) : (
                  <About saga={saga} environment={environment} url={url} />
                )
              }
            </PartBoundary>
          ) : (
            <SheetWaiting what="The saga" failed={failed} />
          )}
        </div>
      </SheetBody>
    </>
  )
}

function About({ saga, environment, url }: { saga: SagaRow; environment: string; url: UrlFilters }) {
  const { counts, waitingSince, unknownBecause, processes } = saga
  return (
    <>
      <KeyValue
        className="px-4 py-2"
        facts={[
          {
            label: 'Under way',
            value: counts
              ? `${formatExact(counts.running)} running, ${formatExact(counts.compensating)} compensating`
              : (unknownBecause ?? 'not known yet'),
          },
          ...(counts
            ? [
                {
                  label: 'In 24 hours',
                  value: `${formatExact(counts.completed)} completed, ${formatExact(counts.compensated)} compensated`,
                },
              ]
            : []),
          ...(waitingSince === undefined
            ? []
            : [
                {
                  label: 'Oldest due',
                  value: (
                    <>
                      <RelativeTime at={waitingSince} /> <span className="text-muted">and taken by no process</span>
                    </>
                  ),
                },
              ]),
          ...(counts && unknownBecause !== undefined ? [{ label: 'Not read again', value: unknownBecause }] : []),
          {
            label: 'Kept in',
            value: saga.shared ? 'Postgres, for all its processes' : 'the memory of each process, lost with it',
          },
        ]}
      />
      {saga.owner || saga.runbook ? (
        <p className="flex flex-wrap gap-x-4 px-4 pb-2 text-sm">
          <OwnerAndRunbook owner={saga.owner} runbook={saga.runbook} />
        </p>
      ) : null}
      <Section title="Steps" note={formatExact(saga.steps.length)}>
        <ol className="px-4 pb-1 text-md">
          {saga.steps.map(({ name, compensates, pivot }, at) => (
            <li key={name} className="flex items-baseline gap-2 py-0.5">
              <span className="w-4 text-sm text-faint tabular-nums">{at + 1}</span>
              <span className="font-medium">{name}</span>
              <span className="text-sm text-muted">
                {[compensates ? 'has a compensation' : 'no compensation', pivot && 'pivot'].filter(Boolean).join(', ')}
              </span>
            </li>
          ))}
        </ol>
      </Section>
      <SagaRuns environment={environment} saga={saga} url={url} />
      <Section title="Processes" note={formatExact(processes.length)}>
        <ProcessLines
          environment={environment}
          processes={processes}
          note={({ works }) => (works ? 'carries them out' : 'only starts them')}
        />
      </Section>
    </>
  )
}
