'use client'

import { useOperation } from '@/app/(console)/_frame/catalogue'
import { useView } from '@/app/(console)/_frame/use-view'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { SheetWaiting } from '@/app/(console)/_parts/sheets/sheet-waiting'
import { OperationButton } from '@/components/operation/operation-button'
import { ReasonForm } from '@/components/operation/reason-form'
import { Countdown } from '@/components/status/countdown'
import { KeyValue } from '@/components/status/key-value'
import { PartBoundary } from '@/components/status/part-boundary'
import { RelativeTime } from '@/components/status/relative-time'
import { useNow } from '@/components/status/ticker'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import type { AskedRun } from '@/lib/console/areas/sagas/ask'
import type { SagaRunItem } from '@/lib/console/areas/sagas/saga-item'
import type { SagaRunData } from '@/lib/console/areas/sagas/views/saga-run'
import { formatDuration } from '@/lib/core/time-format'
import { RunBadge } from './saga-state'
import { StepList } from './step-list'

interface Target {
  service: string
  saga: string
  id: string
}

interface RunDetailsProps extends Target {
  environment: string
  onClose: () => void
}

/** One run: what it did, where it is, and what can be done about it. */
export function RunDetails({ environment, onClose, ...target }: RunDetailsProps) {
  const { reading, failed } = useView<SagaRunData>({ view: 'saga-run', environment, filters: { ...target } }, undefined)
  const found = reading?.data.found
  return (
    <section aria-label={`Run ${target.id}`} className="pb-2">
      <div className="flex flex-wrap items-center gap-2 px-4 py-2">
        <Button size="sm" onClick={onClose}>
          All runs
        </Button>
        <span className="min-w-0 flex-1 truncate font-mono text-sm text-muted" title={target.id}>
          {target.id}
        </span>
      </div>
      {found ? (
        <PartBoundary part={found} what="Its processes">
          {({ run }) =>
            run ? (
              <Found asked={run} target={target} />
            ) : (
              <EmptyState title="There is no such run">It was removed after it had ended, or never was.</EmptyState>
            )
          }
        </PartBoundary>
      ) : (
        <SheetWaiting what="The run" failed={failed} />
      )}
    </section>
  )
}

function Found({ asked: { run, process }, target }: { asked: AskedRun; target: Target }) {
  const now = useNow(1_000)
  const { error, asked, acts, steps, nextAt, held } = run
  const isActive = run.state === 'running' || run.state === 'compensating'
  return (
    <>
      <Acts run={run} input={{ ...target, ...(process ? { process } : {}) }} />
      {error ? (
        <p role="note" className="mx-4 mb-1 rounded-md border border-line bg-sunk px-3 py-2 text-md break-words">
          <span className="font-medium">
            {error.during === 'step' ? `Step ${error.step}` : `The compensation of ${error.step}`} failed
          </span>{' '}
          <RelativeTime at={error.at} className="text-muted" />: {error.message}
        </p>
      ) : null}
      <KeyValue
        className="px-4 py-2"
        facts={[
          { label: 'State', value: <RunBadge run={run} now={now} /> },
          ...(run.key === undefined
            ? []
            : [{ label: 'Key', value: <span className="font-mono break-all">{run.key}</span> }]),
          { label: 'Started', value: <RelativeTime at={run.startedAt} /> },
          ...(run.endedAt === undefined ? [] : [{ label: 'Took', value: formatDuration(run.endedAt - run.startedAt) }]),
          ...(isActive && !held && nextAt !== undefined
            ? [{ label: 'Next attempt', value: <Countdown until={nextAt} /> }]
            : []),
          ...(asked
            ? [
                {
                  label: 'Asked for',
                  value: `${asked.act === 'retry' ? 'a retry' : 'its compensation'}${asked.by ? ` by ${asked.by}` : ''}, not carried out yet`,
                },
              ]
            : []),
        ]}
      />
      <Section title="Steps" note={`${steps.filter(({ state }) => state === 'done').length} of ${steps.length} done`}>
        <StepList steps={steps} />
      </Section>
      {acts.length > 0 ? (
        <Section title="What people did">
          <ul className="px-4 text-md">
            {acts.map(({ act, at, by, reason }) => (
              <li key={`${act} ${at}`} className="py-0.5">
                <RelativeTime at={at} as="clock" className="text-muted tabular-nums" />{' '}
                {act === 'retry' ? 'Retried' : 'Compensated'}
                {by ? ` by ${by}` : ''}
                {reason ? <span className="text-muted">: {reason}</span> : null}
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
    </>
  )
}

interface ActInput extends Target {
  process?: string
  reason: string
}

function Acts({ run: { state, held, error, id }, input }: { run: SagaRunItem; input: Omit<ActInput, 'reason'> }) {
  const retry = useOperation('saga.retry')
  const compensate = useOperation('saga.compensate')
  const isOver = state === 'completed' || state === 'compensated'
  if (isOver) return null
  const mayRetry = state === 'failed' || !held
  const mayCompensate = state === 'running' || (state === 'failed' && error?.during !== 'compensation')
  return (
    <div className="flex flex-wrap items-center gap-2 px-4 pb-2">
      {mayRetry ? (
        <OperationButton<ActInput>
          operation={retry}
          input={{ ...input, reason: '' }}
          label="Retry…"
          subject={id}
          variant={state === 'failed' ? 'primary' : undefined}
        >
          {form => <ReasonForm form={form} />}
        </OperationButton>
      ) : null}
      {mayCompensate ? (
        <OperationButton<ActInput>
          operation={compensate}
          input={{ ...input, reason: '' }}
          label="Compensate…"
          subject={id}
          variant="danger"
        >
          {form => <ReasonForm form={form} />}
        </OperationButton>
      ) : null}
      {retry.allowed ? null : <span className="text-sm text-muted">needs the {retry.needs} role</span>}
    </div>
  )
}
