import { OverrideFields } from '@/app/(console)/_parts/holding/override-fields'
import type { Places } from '@/app/(console)/_parts/holding/places'
import type { OperationForm } from '@/components/operation/preview-step'
import { SegmentedControl } from '@/components/ui/segmented-control'
import type { ActScope } from '@/lib/console/fleet/act-scope'

export interface SwitchInput {
  cache: string
  scope: ActScope
  mode: 'off' | 'read-only'
  reason: string
  minutes: number | null
}

const MODES = [
  { value: 'off', label: 'Off' },
  { value: 'read-only', label: 'Read-only' },
] as const
const EFFECTS: Record<SwitchInput['mode'], string> = {
  off: 'Every lookup goes to the origin; nothing is stored.',
  'read-only': 'What is cached is served; nothing is stored.',
}

/** How a cache is switched, where and for how long. */
export function SwitchForm({ form, places }: { form: OperationForm<SwitchInput>; places: Places }) {
  const { value, change } = form
  return (
    <>
      <div className="grid gap-1">
        <p className="text-md font-medium">Switch it</p>
        <SegmentedControl label="Switch it" value={value.mode} segments={MODES} onChange={mode => change({ mode })} />
        <p className="text-sm text-muted">{EFFECTS[value.mode]}</p>
      </div>
      <OverrideFields form={form} places={places} />
    </>
  )
}
