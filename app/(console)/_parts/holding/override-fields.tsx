import type { ComponentProps } from 'react'
import type { OperationForm } from '@/components/operation/preview-step'
import { ReasonField } from '@/components/operation/reason-field'
import type { ActScope } from '@/lib/console/fleet/act-scope'
import { LastingField } from './lasting-field'
import type { Places } from './places'
import { ScopeField } from './scope-field'

interface Override {
  scope: ActScope
  minutes: number | null
  reason: string
}

interface OverrideFieldsProps {
  form: { value: Override; change(patch: Partial<Override>): void; errors: OperationForm<Override>['errors'] }
  places: Places
  ends?: ComponentProps<typeof LastingField>['ends']
}

/** What every act that lasts asks: where, for how long, and why. */
export function OverrideFields({ form: { value, change, errors }, places, ends }: OverrideFieldsProps) {
  return (
    <>
      <ScopeField
        scope={value.scope}
        places={places}
        error={errors.scope ?? errors['scope.service'] ?? errors['scope.process']}
        onChange={scope => change({ scope })}
      />
      <LastingField
        ends={ends}
        minutes={value.minutes}
        error={errors.minutes}
        onChange={minutes => change({ minutes })}
      />
      <ReasonField required value={value.reason} error={errors.reason} onChange={reason => change({ reason })} />
    </>
  )
}
