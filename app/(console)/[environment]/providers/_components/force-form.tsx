import { OverrideFields } from '@/app/(console)/_parts/holding/override-fields'
import type { Places } from '@/app/(console)/_parts/holding/places'
import type { OperationForm } from '@/components/operation/preview-step'
import type { ProviderSet } from '@/lib/console/areas/providers/sets'
import type { ActScope } from '@/lib/console/fleet/act-scope'
import { ChooseProvider } from './choose-provider'

export interface ForceInput {
  set: string
  provider: string
  scope: ActScope
  reason: string
  minutes: number | null
}

/** Begins with the next one in order: whoever forces wants to leave the one in use, which is the first before any call. */
export function forceInput({ name, providers, inUse }: ProviderSet): ForceInput {
  const all = providers.map(provider => provider.name)
  const serving = inUse[0]?.provider ?? all[0]
  const next = all.find(one => one !== serving) ?? serving ?? ''
  return { set: name, provider: next, scope: { kind: 'fleet' }, reason: '', minutes: 60 }
}

interface ForceFormProps {
  form: OperationForm<ForceInput>
  places: Places
  providers: readonly string[]
}

/** Which provider serves for a while. */
export function ForceForm({ form, places, providers }: ForceFormProps) {
  const { value, change, errors } = form
  return (
    <>
      <ChooseProvider
        label="Use only"
        value={value.provider}
        providers={providers}
        error={errors.provider}
        onChange={provider => change({ provider })}
      />
      <OverrideFields form={form} places={places} />
    </>
  )
}
