import type { OperationForm } from '@/components/operation/preview-step'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { ChooseProvider } from './choose-provider'

export interface TestInput {
  set: string
  provider: string
  to: string
}

/** Which provider sends a test, and where to. */
export function TestForm({ form, providers }: { form: OperationForm<TestInput>; providers: readonly string[] }) {
  const { value, change, errors } = form
  return (
    <>
      <ChooseProvider
        label="Send with"
        value={value.provider}
        providers={providers}
        error={errors.provider}
        onChange={provider => change({ provider })}
      />
      <Field label="To an address of yours" error={errors.to}>
        {control => (
          <Input
            {...control}
            value={value.to}
            autoComplete="email"
            onChange={event => change({ to: event.target.value })}
          />
        )}
      </Field>
    </>
  )
}
