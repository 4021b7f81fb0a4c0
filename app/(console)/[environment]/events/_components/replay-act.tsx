'use client'

import { useOperation } from '@/app/(console)/_frame/catalogue'
import { Moment } from '@/app/(console)/_parts/filters/moment'
import { OperationButton } from '@/components/operation/operation-button'
import type { OperationForm } from '@/components/operation/preview-step'
import { ReasonField } from '@/components/operation/reason-field'
import { consoleNow } from '@/components/status/ticker'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import type { OutboxRow } from '@/lib/console/areas/events/outboxes'

const HOUR = 3_600_000

interface ReplayInput {
  subscription: string
  service: string
  from: number
  until: number
  reason: string
}

/** Sends stored events to the subscription again. A process of the chosen service is asked, so that one of it must be running. */
export function ReplayAct({ subscription, outboxes }: { subscription: string; outboxes: readonly OutboxRow[] }) {
  const operation = useOperation('events.replay')
  const services = [...new Set(outboxes.flatMap(({ processes }) => processes.map(({ service }) => service)))].sort()
  const [service] = services
  if (service === undefined)
    return <span className="text-sm text-muted">No running process has an outbox, so no event can be sent again.</span>
  // Not later: events published after the preview would raise its count.
  const until = consoleNow()
  return (
    <>
      <OperationButton<ReplayInput>
        operation={operation}
        input={{ subscription, service, from: until - HOUR, until, reason: '' }}
        label="Replay…"
        subject={subscription}
      >
        {form => <ReplayForm form={form} services={services} />}
      </OperationButton>
      {operation.allowed ? null : <span className="text-sm text-muted">needs the {operation.needs} role</span>}
    </>
  )
}

function ReplayForm({ form, services }: { form: OperationForm<ReplayInput>; services: readonly string[] }) {
  const { value, change, errors } = form
  return (
    <>
      {services.length > 1 ? (
        <Field label="From the outbox of" error={errors.service}>
          {control => (
            <Select
              {...control}
              value={value.service}
              options={services.map(service => ({ value: service, label: service }))}
              onChange={event => change({ service: event.target.value })}
            />
          )}
        </Field>
      ) : null}
      <fieldset className="grid gap-1">
        <legend className="mb-1 text-md font-medium">Published</legend>
        <span className="flex flex-wrap items-center gap-1.5 text-sm text-muted">
          <Time label="From" at={value.from} onChange={from => change({ from })} />
          to
          <Time label="Until" at={value.until} onChange={until => change({ until })} />
        </span>
        {(errors.from ?? errors.until) ? <p className="text-sm text-bad">{errors.from ?? errors.until}</p> : null}
      </fieldset>
      <ReasonField required value={value.reason} error={errors.reason} onChange={reason => change({ reason })} />
    </>
  )
}

function Time({ label, at, onChange }: { label: string; at: number; onChange: (at: number) => void }) {
  return (
    <Moment
      label={label}
      value={new Date(at).toISOString()}
      onChange={iso => (iso === undefined ? undefined : onChange(new Date(iso).getTime()))}
    />
  )
}
