import type { OperationForm } from '@/components/operation/preview-step'
import { ReasonField } from '@/components/operation/reason-field'

export interface FamilyInput {
  server: string
  queue: string
  job: string
  reason: string
}

/** Why a flow is removed. */
export function FamilyForm({ form: { value, change, errors } }: { form: OperationForm<FamilyInput> }) {
  return <ReasonField required value={value.reason} error={errors.reason} onChange={reason => change({ reason })} />
}
