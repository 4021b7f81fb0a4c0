'use client'

import { useView } from '@/app/(console)/_frame/use-view'
import type { UrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { SheetWaiting } from '@/app/(console)/_parts/sheets/sheet-waiting'
import { PartBoundary } from '@/components/status/part-boundary'
import { RelativeTime } from '@/components/status/relative-time'
import { useNow } from '@/components/status/ticker'
import { Button } from '@/components/ui/button'
import { Select } from '@/components/ui/select'
import type { SagaRow } from '@/lib/console/areas/sagas/rows'
import type { SAGA_STATES, SagaRunItem } from '@/lib/console/areas/sagas/saga-item'
import type { SagaRunsData } from '@/lib/console/areas/sagas/views/saga-runs'
import { RunBadge } from './saga-state'

const LABELS: Record<(typeof SAGA_STATES)[number], string> = {
  failed: 'Failed',
  running: 'Running',
  compensating: 'Compensating',
  completed: 'Completed',
  compensated: 'Compensated',
}
const STATES = [
  { value: 'all', label: 'All states' },
  ...(['failed', 'running', 'compensating', 'completed', 'compensated'] as const).map(value => ({
    value,
    label: LABELS[value],
  })),
]

interface SagaRunsProps {
  environment: string
  saga: SagaRow
  url: UrlFilters
}

/** Its runs, the newest first, those of one state where that is chosen: those that wait for a person when there are any. */
export function SagaRuns({ environment, saga, url }: SagaRunsProps) {
  const chosen = url.get('runs') ?? ((saga.counts?.failed ?? 0) > 0 ? 'failed' : 'all')
  const before = url.get('before') ?? ''
  const { reading, failed } = useView<SagaRunsData>(
    {
      view: 'saga-runs',
      environment,
      filters: { service: saga.service, saga: saga.name, state: chosen, before },
    },
    undefined,
  )
  const runs = reading?.data.runs
  return (
    <Section
      title="Runs"
      note="the newest first"
      action={
        <span className="w-40 shrink-0">
          <Select
            aria-label="State of the runs"
            options={STATES}
            value={chosen}
            onChange={event => url.set({ runs: event.target.value, before: undefined })}
          />
        </span>
      }
    >
      {runs ? (
        <PartBoundary part={runs} what="Its processes">
          {({ runs: list, older, asked, answered, unread }) => (
            <>
              {answered < asked ? (
                <p className="px-4 py-1 text-sm text-warning">
                  {asked - answered} of {asked} processes did not answer: there may be more.
                </p>
              ) : null}
              {unread > 0 ? (
                <p className="px-4 py-1 text-sm text-warning">
                  {unread} of them were not understood, and are not listed.
                </p>
              ) : null}
              {list.length === 0 ? (
                <p className="px-4 py-1 text-md text-muted">
                  {chosen === 'all' ? 'None was started yet.' : 'None is in this state.'}
                </p>
              ) : (
                <ul className="divide-y divide-line">
                  {list.map(({ run }) => (
                    <Line key={run.id} run={run} onOpen={() => url.set({ run: run.id })} />
                  ))}
                </ul>
              )}
              <div className="flex gap-2 px-4 py-2 empty:hidden">
                {before ? <Button onClick={() => url.set({ before: undefined })}>Newest</Button> : null}
                {older ? <Button onClick={() => url.set({ before: list.at(-1)?.run.id })}>Older</Button> : null}
              </div>
            </>
          )}
        </PartBoundary>
      ) : (
        <SheetWaiting what="Its runs" failed={failed} />
      )}
    </Section>
  )
}

function Line({ run, onOpen }: { run: SagaRunItem; onOpen: () => void }) {
  const now = useNow(1_000)
  const done = run.steps.filter(({ state }) => state === 'done').length
  return (
    <li>
      <button
        type="button"
        onClick={onOpen}
        className="grid w-full gap-y-0.5 px-4 py-1.5 text-left text-md hover:bg-hover focus-visible:-outline-offset-2"
      >
        <span className="flex items-center gap-x-3">
          <RunBadge run={run} now={now} />
          <span className="min-w-0 truncate font-mono text-sm">{run.key ?? run.id}</span>
          <RelativeTime at={run.startedAt} className="ml-auto shrink-0 text-sm text-muted tabular-nums" />
        </span>
        <span className="truncate text-sm text-muted">
          {run.error
            ? `${run.error.during === 'step' ? '' : 'compensation of '}${run.error.step}: ${run.error.message}`
            : `${done} of ${run.steps.length} steps done`}
        </span>
      </button>
    </li>
  )
}
