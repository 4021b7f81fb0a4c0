import type { OperationForm } from '@/components/operation/preview-step'
import { ReasonField } from '@/components/operation/reason-field'
import { Field } from '@/components/ui/field'
import { SegmentedControl } from '@/components/ui/segmented-control'
import { Select } from '@/components/ui/select'
import type { ActScope } from '@/lib/console/fleet/act-scope'
import { LastingField } from './lasting-field'

export interface ForceInput {
  breaker: string
  scope: ActScope
  state: 'open' | 'closed' | 'shadow'
  reason: string
  minutes: number | null
}

/** Where the breaker is, as a scope can name it. */
export interface Places {
  services: string[]
  processes: { id: string; instance: string }[]
}

export function forceInput(breaker: string, scope: ActScope): ForceInput {
  return { breaker, scope, state: 'open', reason: '', minutes: 60 }
}

const STATES = [
  { value: 'open', label: 'Open' },
  { value: 'closed', label: 'Closed' },
  { value: 'shadow', label: 'Shadow' },
] as const

const EFFECTS: Record<ForceInput['state'], string> = {
  open: 'No call passes: each is rejected without being made.',
  closed: 'Every call passes, however many fail.',
  shadow: 'Every call passes; the breaker goes on computing what it would do.',
}

const SCOPES = [
  { value: 'fleet', label: 'Whole fleet' },
  { value: 'service', label: 'A service' },
  { value: 'process', label: 'A process' },
] as const

export function ForceForm({ form, places }: { form: OperationForm<ForceInput>; places: Places }) {
  const { value, change, errors } = form
  return (
    <>
      <div className="grid gap-1">
        <p className="text-md font-medium">Hold it</p>
        <SegmentedControl label="Hold it" value={value.state} segments={STATES} onChange={state => change({ state })} />
        <p className="text-sm text-muted">{EFFECTS[value.state]}</p>
      </div>
      <ScopeField
        scope={value.scope}
        places={places}
        error={errors.scope ?? errors['scope.service'] ?? errors['scope.process']}
        onChange={scope => change({ scope })}
      />
      <LastingField minutes={value.minutes} error={errors.minutes} onChange={minutes => change({ minutes })} />
      <ReasonField required value={value.reason} error={errors.reason} onChange={reason => change({ reason })} />
    </>
  )
}

interface ScopeFieldProps {
  scope: ActScope
  places: Places
  error: string | undefined
  onChange: (scope: ActScope) => void
}

function ScopeField({ scope, places, error, onChange }: ScopeFieldProps) {
  const { services, processes } = places
  function choose(kind: ActScope['kind']) {
    if (kind === 'fleet') onChange({ kind })
    else if (kind === 'service') onChange({ kind, service: services[0] ?? '' })
    else onChange({ kind, process: processes[0]?.id ?? '' })
  }
  return (
    <div className="grid gap-1.5">
      <p className="text-md font-medium">In</p>
      <SegmentedControl label="In" value={scope.kind} segments={SCOPES} onChange={choose} />
      {scope.kind === 'service' ? (
        <Field label={<span className="sr-only">Service</span>} error={error}>
          {control => (
            <Select
              {...control}
              value={scope.service}
              options={services.map(service => ({ value: service, label: service }))}
              onChange={event => onChange({ kind: 'service', service: event.target.value })}
            />
          )}
        </Field>
      ) : null}
      {scope.kind === 'process' ? (
        <Field label={<span className="sr-only">Process</span>} error={error}>
          {control => (
            <Select
              {...control}
              value={scope.process}
              options={processes.map(({ id, instance }) => ({ value: id, label: instance }))}
              onChange={event => onChange({ kind: 'process', process: event.target.value })}
            />
          )}
        </Field>
      ) : null}
    </div>
  )
}
