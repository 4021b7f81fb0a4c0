'use client'

import dynamic from 'next/dynamic'
import type { ReactNode } from 'react'
import type { OperationForm } from '@/components/operation/form-step'
import { OperationButton } from '@/components/operation/operation-button'
import type { OperationDialogProps } from '@/components/operation/operation-dialog'
import { ReasonField } from '@/components/operation/reason-field'
import { formatExact } from '@/components/status/number-format'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import type { ServiceRow } from '@/lib/console/views/services'
import { useOperation } from '../../../_frame/catalogue'

const OperationDialog = dynamic(() =>
  import('@/components/operation/operation-dialog').then(module => module.OperationDialog),
) as <I extends object>(props: OperationDialogProps<I>) => ReactNode

interface Input {
  which: { kind: 'process'; process: string } | { kind: 'service'; service: string } | { kind: 'all' }
  reason?: string
}

const EVERYTHING: Input = { which: { kind: 'all' } }

/** For the head of the page: all that are gone, or those of one service. */
export function ForgetButton({ services }: { services: readonly ServiceRow[] }) {
  return (
    <OperationButton<Input> operation={useOperation('process.forget')} input={EVERYTHING} label="Forget…">
      {form => <ForgetForm form={form} services={services} />}
    </OperationButton>
  )
}

/** For one process that is gone: no questions but the preview. */
export function ForgetProcess({ id, instance }: { id: string; instance: string }) {
  return (
    <OperationButton<Input>
      operation={useOperation('process.forget')}
      input={{ which: { kind: 'process', process: id } }}
      subject={instance}
      label="Forget this process"
    />
  )
}

/** Opened by the address: `?act=process.forget` is where the palette lands. */
export function ForgetByAddress({ services, onClose }: { services: readonly ServiceRow[]; onClose: () => void }) {
  const operation = useOperation('process.forget')
  if (!operation.allowed) return null
  return (
    <OperationDialog<Input>
      open
      onOpenChange={open => {
        if (!open) onClose()
      }}
      operation={operation}
      initialInput={EVERYTHING}
    >
      {form => <ForgetForm form={form} services={services} />}
    </OperationDialog>
  )
}

function ForgetForm({ form, services }: { form: OperationForm<Input>; services: readonly ServiceRow[] }) {
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
