import { OverrideFields } from '@/app/(console)/_parts/holding/override-fields'
import type { Places } from '@/app/(console)/_parts/holding/places'
import type { OperationForm } from '@/components/operation/preview-step'
import { NumberField } from '@/components/ui/number-field'
import type { PolicyInput } from './policy-input'
import { toDraft, toPolicy } from './rule-draft'
import { RuleFields } from './rule-fields'

/** Other rules of a breaker, for a while. */
export function PolicyForm({ form, places }: { form: OperationForm<PolicyInput>; places: Places }) {
  const { value, change, errors } = form
  const rule = toDraft(value.policy)
  const duration = (label: string, field: 'timeoutMs' | 'halfOpenAfterMs') => (
    <NumberField
      label={label}
      error={errors[field]}
      unit="ms"
      width="w-32"
      min={0}
      placeholder="as declared"
      value={value[field]}
      onChange={next => change({ [field]: Number.isNaN(next) ? undefined : next })}
    />
  )
  return (
    <>
      <div className="grid gap-1.5">
        <p className="text-md font-medium">It opens</p>
        <RuleFields
          rule={rule}
          errors={errors}
          onChange={patch => change({ policy: toPolicy({ ...rule, ...patch }) })}
        />
      </div>
      <div className="flex flex-wrap gap-x-4 gap-y-2">
        {duration('Open before a probe', 'halfOpenAfterMs')}
        {duration('Time limit of a call', 'timeoutMs')}
      </div>
      <OverrideFields form={form} places={places} ends="restored" />
    </>
  )
}
