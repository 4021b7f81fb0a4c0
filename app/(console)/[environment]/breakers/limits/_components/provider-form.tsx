import { OverrideFields } from '@/app/(console)/_parts/holding/override-fields'
import type { Places } from '@/app/(console)/_parts/holding/places'
import type { OperationForm } from '@/components/operation/preview-step'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import type { ProvidersGroup } from '@/lib/console/areas/breakers/views/limits'
import type { ActScope } from '@/lib/console/fleet/act-scope'

export interface ProviderInput {
  set: string
  provider: string
  scope: ActScope
  reason: string
  minutes: number | null
}

export const providersOf = (set: ProvidersGroup) => [
  ...new Set(set.processes.flatMap(({ item }) => item.providers.map(({ name }) => name))),
]

/** Begins with the next one in order: whoever forces wants to leave the one in use, which is the first before any call. */
export function providerInput(set: ProvidersGroup): ProviderInput {
  const all = providersOf(set)
  const serving = set.inUse[0]?.provider ?? all[0]
  const next = all.find(name => name !== serving) ?? serving ?? ''
  return { set: set.name, provider: next, scope: { kind: 'fleet' }, reason: '', minutes: 60 }
}

interface ProviderFormProps {
  form: OperationForm<ProviderInput>
  places: Places
  providers: readonly string[]
}

/** Which provider serves for a while. */
export function ProviderForm({ form, places, providers }: ProviderFormProps) {
  const { value, change, errors } = form
  return (
    <>
      <Field label="Use only" error={errors.provider}>
        {control => (
          <Select
            {...control}
            value={value.provider}
            options={providers.map(name => ({ value: name, label: name }))}
            onChange={event => change({ provider: event.target.value })}
          />
        )}
      </Field>
      <OverrideFields form={form} places={places} />
    </>
  )
}
