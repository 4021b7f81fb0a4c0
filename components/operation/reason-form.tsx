import type { OperationForm } from './preview-step'
import { ReasonField } from './reason-field'

/** The form of an act that asks for nothing but why. */
export function ReasonForm<I extends { reason: string }>({
  form: { value, change, errors },
}: {
  form: OperationForm<I>
}) {
  return (
    <ReasonField
      required
      value={value.reason}
      error={errors.reason}
      onChange={reason => change({ reason } as Partial<I>)}
    />
  )
}
