import { useId } from 'react'
import type { OperationForm } from '@/components/operation/preview-step'
import { ReasonField } from '@/components/operation/reason-field'
import { Checkbox } from '@/components/ui/checkbox'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { NumberField } from '@/components/ui/number-field'
import { Select } from '@/components/ui/select'
import { Textarea } from '@/components/ui/textarea'
import type { JobTypeRow } from '@/lib/console/areas/queues/job-types'
import { JOB_STATES } from './job-states'

interface OneQueueInput {
  server: string
  queue: string
}
export interface ObliterateInput extends OneQueueInput {
  reason: string
}
export interface DrainInput extends ObliterateInput {
  delayed: boolean
}
export interface CleanInput extends ObliterateInput {
  state: string
  olderThanHours: number
}
export interface LimitsInput extends OneQueueInput {
  concurrency: number | null
  rate: { max: number; durationMs: number } | null
}
export interface AddInput extends OneQueueInput {
  name: string
  data: string
  delaySeconds?: number
  priority?: number
  attempts?: number
}

export interface PauseInput extends OneQueueInput {
  minutes?: number
  reason?: string
}

export function PauseForm({ form: { value, change, errors } }: { form: OperationForm<PauseInput> }) {
  return (
    <>
      <NumberField
        label="For"
        unit="minutes"
        hint="Then it is resumed. Left empty: until an operator resumes it."
        error={errors.minutes}
        min={1}
        max={10_080}
        value={value.minutes}
        onChange={minutes => change({ minutes: Number.isNaN(minutes) ? undefined : minutes })}
      />
      <ReasonField
        value={value.reason ?? ''}
        error={errors.reason}
        onChange={reason => change({ reason: reason === '' ? undefined : reason })}
      />
    </>
  )
}

export function ObliterateForm({ form: { value, change, errors } }: { form: OperationForm<ObliterateInput> }) {
  return <ReasonField required value={value.reason} error={errors.reason} onChange={reason => change({ reason })} />
}

export function DrainForm({ form: { value, change, errors } }: { form: OperationForm<DrainInput> }) {
  const id = useId()
  return (
    <>
      <label htmlFor={id} className="flex items-center gap-2 text-md">
        <Checkbox id={id} checked={value.delayed} onCheckedChange={delayed => change({ delayed })} />
        Delayed jobs too
      </label>
      <ReasonField required value={value.reason} error={errors.reason} onChange={reason => change({ reason })} />
    </>
  )
}

const CLEANED = ['completed', 'failed', 'waiting', 'prioritized', 'delayed']

export function CleanForm({ form: { value, change, errors } }: { form: OperationForm<CleanInput> }) {
  return (
    <>
      <Field label="State" error={errors.state}>
        {control => (
          <Select
            {...control}
            value={value.state}
            options={JOB_STATES.filter(state => CLEANED.includes(state.value))}
            onChange={event => change({ state: event.target.value })}
          />
        )}
      </Field>
      <NumberField
        label="Older than"
        unit="hours"
        hint="Completed jobs and dead letters since they finished, others since they were added."
        error={errors.olderThanHours}
        min={0}
        value={value.olderThanHours}
        onChange={olderThanHours => change({ olderThanHours })}
      />
      <ReasonField required value={value.reason} error={errors.reason} onChange={reason => change({ reason })} />
    </>
  )
}

/** An empty field is no limit. */
const orNull = (number: number) => (Number.isNaN(number) ? null : number)

export function LimitsForm({ form: { value, change, errors } }: { form: OperationForm<LimitsInput> }) {
  const { concurrency, rate } = value
  return (
    <>
      <NumberField
        label="At a time"
        unit="jobs over all workers"
        hint="Left empty: no limit but the concurrency of each worker."
        error={errors.concurrency}
        min={1}
        value={concurrency ?? undefined}
        onChange={number => change({ concurrency: orNull(number) })}
      />
      <NumberField
        label="Rate"
        unit="jobs"
        hint="Left empty: no limit but the limiter of each worker."
        error={errors['rate.max'] ?? errors.rate}
        min={1}
        value={rate?.max}
        onChange={max => change({ rate: Number.isNaN(max) ? null : { max, durationMs: rate?.durationMs ?? 1_000 } })}
      />
      {rate ? (
        <NumberField
          label="In"
          unit="ms"
          error={errors['rate.durationMs']}
          min={1}
          value={rate.durationMs}
          onChange={durationMs => change({ rate: { ...rate, durationMs } })}
        />
      ) : null}
    </>
  )
}

interface AddFormProps {
  form: OperationForm<AddInput>
  /** What the workers of the queue call their jobs. */
  jobTypes: readonly JobTypeRow[]
}

/** A job with its payload; of a declared type the payload begins with an example of its schema. */
export function AddForm({ form: { value, change, errors }, jobTypes }: AddFormProps) {
  const known = useId()
  const type = jobTypes.find(({ name }) => name === value.name)
  const examples = new Set(['{}', ...jobTypes.flatMap(({ example }) => example ?? [])])
  /** Another example takes the place of one that nobody has edited. */
  const named = (name: string) => {
    const example = jobTypes.find(type => type.name === name)?.example
    return example !== undefined && examples.has(value.data) ? { name, data: example } : { name }
  }
  const number = (given: number) => (Number.isNaN(given) ? undefined : given)
  return (
    <>
      <Field label="Name" hint="By which its worker knows what to do." error={errors.name} required>
        {control => (
          <Input
            {...control}
            value={value.name}
            maxLength={200}
            autoComplete="off"
            list={jobTypes.length > 0 ? known : undefined}
            onChange={event => change(named(event.target.value))}
          />
        )}
      </Field>
      {jobTypes.length > 0 ? (
        <datalist id={known}>
          {jobTypes.map(({ name }) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      ) : null}
      <Field
        label="Payload"
        hint={type?.example ? `JSON, checked against version ${type.version} of ${type.name}.` : 'JSON.'}
        error={errors.data}
        required
      >
        {control => (
          <Textarea
            {...control}
            value={value.data}
            rows={8}
            spellCheck={false}
            onChange={event => change({ data: event.target.value })}
            className="font-mono text-sm"
          />
        )}
      </Field>
      <div className="flex flex-wrap gap-4">
        <NumberField
          label="Attempts"
          error={errors.attempts}
          min={1}
          value={value.attempts}
          onChange={given => change({ attempts: number(given) })}
        />
        <NumberField
          label="Delay"
          unit="s"
          error={errors.delaySeconds}
          min={0}
          value={value.delaySeconds}
          onChange={given => change({ delaySeconds: number(given) })}
        />
        <NumberField
          label="Priority"
          error={errors.priority}
          min={0}
          value={value.priority}
          onChange={given => change({ priority: number(given) })}
        />
      </div>
    </>
  )
}
