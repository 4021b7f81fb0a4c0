import { LastingField } from '@/app/(console)/_parts/holding/lasting-field'
import { type Places, ScopeField } from '@/app/(console)/_parts/holding/scope-field'
import type { OperationForm } from '@/components/operation/preview-step'
import { ReasonField } from '@/components/operation/reason-field'
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
  const { value, change, errors } = form
  return (
    <>
      <div className="grid gap-1">
        <p className="text-md font-medium">Switch it</p>
        <SegmentedControl label="Switch it" value={value.mode} segments={MODES} onChange={mode => change({ mode })} />
        <p className="text-sm text-muted">{EFFECTS[value.mode]}</p>
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
