import type { OperationForm } from '@/components/operation/preview-step'
import { ReasonForm } from '@/components/operation/reason-form'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { channelOptions } from '../../_components/message-words'

export interface SuppressInput {
  database: string
  channel: string
  address: string
  reason: string
}

/** Which address, on which channel. */
export function SuppressForm({ form }: { form: OperationForm<SuppressInput> }) {
  const { value, change, errors } = form
  return (
    <>
      <Field label="Channel" error={errors.channel}>
        {control => (
          <Select
            {...control}
            value={value.channel}
            options={channelOptions}
            onChange={event => change({ channel: event.target.value })}
          />
        )}
      </Field>
      <Field label="Address" error={errors.address}>
        {control => (
          <Input {...control} value={value.address} onChange={event => change({ address: event.target.value })} />
        )}
      </Field>
      <ReasonForm form={form} />
    </>
  )
}
