import { Field } from '@/components/ui/field'
import { SegmentedControl } from '@/components/ui/segmented-control'
import { Select } from '@/components/ui/select'
import type { ActScope } from '@/lib/console/fleet/act-scope'
import type { Places } from './places'

const SCOPES = [
  { value: 'fleet', label: 'Whole fleet' },
  { value: 'service', label: 'A service' },
  { value: 'process', label: 'A process' },
] as const

interface ScopeFieldProps {
  scope: ActScope
  places: Places
  error: string | undefined
  onChange: (scope: ActScope) => void
}

/** Where an act lands. */
export function ScopeField({ scope, places, error, onChange }: ScopeFieldProps) {
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
