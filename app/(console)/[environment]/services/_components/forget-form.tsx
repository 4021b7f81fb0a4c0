'use client'

import type { OperationForm } from '@/components/operation/preview-step'
import { ReasonField } from '@/components/operation/reason-field'
import { formatExact } from '@/components/status/number-format'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import type { ServiceRow } from '@/lib/console/areas/services/views/services'

export interface ForgetInput {
  which: { kind: 'process'; process: string } | { kind: 'service'; service: string } | { kind: 'all' }
  reason?: string
}

export function ForgetForm({ form, services }: { form: OperationForm<ForgetInput>; services: readonly ServiceRow[] }) {
  const { which, reason } = form.value
  const gone = services.flatMap(({ service, states }) => {
    const count = states.lost + states.left + states.replaced
    return count > 0 ? [{ service, count }] : []
  })
  const all = gone.reduce((sum, { count }) => sum + count, 0)
  return (
    <>
      <p className="text-md text-muted">
        Takes processes that are lost, replaced or gone out of the list. Nothing happens to them: one that comes back
        registers anew.
      </p>
      <Field label="Which" error={form.errors.which}>
        {control => (
          <Select
            {...control}
            value={which.kind === 'service' ? `service ${which.service}` : 'all'}
            onChange={event => {
              const { value } = event.target
              const service = value.replace(/^service /, '')
              form.change({ which: value === 'all' ? { kind: 'all' } : { kind: 'service', service } })
            }}
            options={[
              { value: 'all', label: `All that are gone (${formatExact(all)})` },
              ...gone.map(({ service, count }) => ({
                value: `service ${service}`,
                label: `Those of ${service} (${formatExact(count)})`,
              })),
            ]}
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
