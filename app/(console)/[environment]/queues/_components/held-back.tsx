'use client'

import { useOperation } from '@/app/(console)/_frame/catalogue'
import { OperationButton } from '@/components/operation/operation-button'
import type { OperationForm } from '@/components/operation/preview-step'
import { ReasonField } from '@/components/operation/reason-field'
import { Countdown } from '@/components/status/countdown'
import { RelativeTime } from '@/components/status/relative-time'
import { StatusMark } from '@/components/status/status-mark'
import { AppLink } from '@/components/ui/app-link'
import { Callout } from '@/components/ui/callout'
import type { QueueData, RegisteredWorker } from '@/lib/console/areas/queues/views/queue'
import type { QueueRow } from '@/lib/console/areas/queues/views/queues'

interface WorkOnInput {
  queue: string
  scope: { kind: 'fleet' }
  reason: string
  minutes: number | null
}

interface HeldBackProps {
  row: QueueRow
  registeredWorkers: QueueData['registeredWorkers']
}

/** Workers that wait for a breaker, or that an operator lets work on anyway. */
export function HeldBack({ row, registeredWorkers }: HeldBackProps) {
  if (registeredWorkers.status === 'down') return null
  const living = registeredWorkers.data.filter(({ alive }) => alive)
  const ignoring = living.flatMap(({ ignoring }) => ignoring ?? [])[0]
  const held = living.filter(worker => worker.heldBy)
  const queue = row.key.slice(row.key.lastIndexOf(':') + 1)
  if (ignoring) return <Ignoring queue={queue} title={row.title} ignoring={ignoring} />
  const [first] = held
  if (!first?.heldBy) return null
  const { breaker, since, probing } = first.heldBy
  return (
    <Callout
      tone="warning"
      mark={<StatusMark status="warning" />}
      title={probing ? `It tries whether ${breaker} is back` : `Held back: ${breaker} is open`}
      className="m-4 mb-0"
    >
      <p>
        {held.length} of {living.length} {living.length === 1 ? 'worker takes' : 'workers take'}{' '}
        {probing ? 'one job at a time' : 'no jobs'} since <RelativeTime at={since} as="clock" />, so that none fails for
        nothing. They resume automatically, slowly at first, once{' '}
        <AppLink href={`breakers?breaker=${encodeURIComponent(breaker)}`} className="underline">
          {breaker}
        </AppLink>{' '}
        has closed.
      </p>
      <div className="mt-2">
        <WorkOn queue={queue} title={row.title} />
      </div>
    </Callout>
  )
}

function WorkOn({ queue, title }: { queue: string; title: string }) {
  return (
    <OperationButton<WorkOnInput>
      operation={useOperation('worker.ignore-dependencies')}
      input={{ queue, scope: { kind: 'fleet' }, reason: '', minutes: 15 }}
      label="Work on anyway…"
      subject={title}
      size="sm"
    >
      {form => <WorkOnForm form={form} />}
    </OperationButton>
  )
}

function WorkOnForm({ form: { value, change, errors } }: { form: OperationForm<WorkOnInput> }) {
  return <ReasonField required value={value.reason} error={errors.reason} onChange={reason => change({ reason })} />
}

interface IgnoringProps {
  queue: string
  title: string
  ignoring: NonNullable<RegisteredWorker['ignoring']>
}

function Ignoring({ queue, title, ignoring: { by, reason, until } }: IgnoringProps) {
  return (
    <Callout tone="accent" title="It works on despite open breakers" className="m-4 mb-0">
      <p>
        By {by}: {reason}.{' '}
        {until === undefined ? (
          'Until that is ended.'
        ) : (
          <>
            For <Countdown until={until} done="a moment" />.
          </>
        )}
      </p>
      <div className="mt-2">
        <OperationButton
          operation={useOperation('worker.mind-dependencies')}
          input={{ queue, scope: { kind: 'fleet' } }}
          label="Hold back again"
          subject={title}
          size="sm"
        />
      </div>
    </Callout>
  )
}
