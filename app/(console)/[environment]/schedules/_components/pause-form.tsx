import { LastingField } from '@/app/(console)/_parts/holding/lasting-field'
import type { OperationForm } from '@/components/operation/preview-step'
import { ReasonField } from '@/components/operation/reason-field'

export interface PauseInput {
  service: string
  schedule: string
  minutes: number | null
  reason: string
}

/** For how long, and why. */
export function PauseForm({ form: { value, change, errors } }: { form: OperationForm<PauseInput> }) {
  return (
    <>
      <LastingField
        ends="resumed"
        minutes={value.minutes}
        error={errors.minutes}
        onChange={minutes => change({ minutes })}
      />
      <ReasonField required value={value.reason} error={errors.reason} onChange={reason => change({ reason })} />
    </>
  )
}
