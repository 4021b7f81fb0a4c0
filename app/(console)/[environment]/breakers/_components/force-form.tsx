import { OverrideFields } from '@/app/(console)/_parts/holding/override-fields'
import type { Places } from '@/app/(console)/_parts/holding/places'
import type { OperationForm } from '@/components/operation/preview-step'
import { SegmentedControl } from '@/components/ui/segmented-control'
import type { ForceInput } from './force-input'

const STATES = [
  { value: 'open', label: 'Open' },
  { value: 'closed', label: 'Closed' },
  { value: 'shadow', label: 'Shadow' },
] as const

const EFFECTS: Record<ForceInput['state'], string> = {
  open: 'No call passes: each is rejected without being made.',
  closed: 'Every call passes, however many fail.',
  shadow: 'Every call passes; the breaker still computes what it would do.',
}

export function ForceForm({ form, places }: { form: OperationForm<ForceInput>; places: Places }) {
  const { value, change } = form
  return (
    <>
      <div className="grid gap-1">
        <p className="text-md font-medium">Hold it</p>
        <SegmentedControl label="Hold it" value={value.state} segments={STATES} onChange={state => change({ state })} />
        <p className="text-sm text-muted">{EFFECTS[value.state]}</p>
      </div>
      <OverrideFields form={form} places={places} />
    </>
  )
}
