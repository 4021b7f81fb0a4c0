'use client'

import type { OperationForm } from '@/components/operation/preview-step'
import { ReasonField } from '@/components/operation/reason-field'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import type { ProcessFilters } from '@/lib/console/areas/services/matching'

export interface ForgetInput {
  which: { kind: 'process'; process: string } | ({ kind: 'matching' } & ProcessFilters)
  reason?: string
}

const STATES = [
  { value: 'all', label: 'Lost, replaced or gone' },
  { value: 'lost', label: 'Lost' },
  { value: 'replaced', label: 'Replaced' },
  { value: 'left', label: 'Gone' },
]

/** Begins with what the list shows. */
export function ForgetForm({ form, services }: { form: OperationForm<ForgetInput>; services: readonly string[] }) {
  const { which, reason } = form.value
  if (which.kind === 'process') return null
  const change = (patch: Partial<ProcessFilters>) => form.change({ which: { ...which, ...patch } })
  return (
    <>
      <div className="grid gap-3 wide:grid-cols-2">
        <Field label="Service" error={form.errors['which.service']}>
          {control => (
            <Select
              {...control}
              value={which.service}
              onChange={event => change({ service: event.target.value })}
              options={[
                { value: '', label: 'Any service' },
                ...services.map(service => ({ value: service, label: service })),
              ]}
            />
          )}
        </Field>
        <Field label="State" error={form.errors['which.state']}>
          {control => (
            <Select
              {...control}
              value={STATES.some(({ value }) => value === which.state) ? which.state : 'all'}
              onChange={event => change({ state: event.target.value as ProcessFilters['state'] })}
              options={STATES}
            />
          )}
        </Field>
      </div>
      <Field label="Name, host, version or id contains" error={form.errors['which.q'] ?? form.errors.which}>
        {control => (
          <Input
            {...control}
            value={which.q}
            autoComplete="off"
            onChange={event => change({ q: event.target.value })}
          />
        )}
      </Field>
      <ReasonField
        value={reason ?? ''}
        onChange={next => form.change({ reason: next === '' ? undefined : next })}
        error={form.errors.reason}
      />
    </>
  )
}
