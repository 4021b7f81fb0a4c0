import type { OperationForm } from '@/components/operation/preview-step'
import { NumberField } from '@/components/ui/number-field'
import { SegmentedControl } from '@/components/ui/segmented-control'
import type { InvalidateInput } from './invalidate-form'

const PACES = [
  { value: 'once', label: 'At once' },
  { value: 'paced', label: 'Paced' },
] as const
const FIRST = 20
const MOST = 200

/** Whether entries go at once, or a few at a time for the sake of the origin. */
export function PaceFields({ form }: { form: OperationForm<InvalidateInput> }) {
  const { value, change, errors } = form
  const { pace } = value
  return (
    <>
      <div className="grid gap-1">
        <p className="text-md font-medium">When</p>
        <SegmentedControl
          label="When"
          value={pace ? 'paced' : 'once'}
          segments={PACES}
          onChange={chosen => change({ pace: chosen === 'paced' ? { perSecond: FIRST } : undefined })}
        />
        <p className="text-sm text-muted">
          {pace
            ? 'A few entries at a time. Until it ends, those that are not yet removed are still served.'
            : 'Nothing old is served from then on. The origin gets all lookups until the cache has filled again.'}
        </p>
      </div>
      {pace ? (
        <NumberField
          label="At most"
          min={1}
          max={MOST}
          step={1}
          value={pace.perSecond}
          unit="entries a second"
          error={errors['pace.perSecond'] ?? errors.pace}
          onChange={perSecond => change({ pace: { perSecond } })}
        />
      ) : null}
    </>
  )
}
