import { OverrideFields } from '@/app/(console)/_parts/holding/override-fields'
import type { Places } from '@/app/(console)/_parts/holding/places'
import type { OperationForm } from '@/components/operation/preview-step'
import { NumberField } from '@/components/ui/number-field'
import type { PolicyGroup } from '@/lib/console/areas/breakers/views/limits'
import type { ActScope } from '@/lib/console/fleet/act-scope'
import { formatDuration } from '@/lib/core/time-format'

export interface LimitsInput {
  policy: string
  scope: ActScope
  limits: {
    bulkhead?: { maxConcurrent?: number; maxQueued?: number }
    rateLimit?: { calls?: number; burst?: number }
    retryBudget?: { ratio: number }
  }
  reason: string
  minutes: number | null
}

/** Begins with what is in force. */
export function limitsInput({ name, bulkhead, rateLimit, retryBudget }: PolicyGroup): LimitsInput {
  return {
    policy: name,
    scope: { kind: 'fleet' },
    limits: {
      ...(bulkhead && { bulkhead: { maxConcurrent: bulkhead.maxConcurrent, maxQueued: bulkhead.maxQueued } }),
      ...(rateLimit && { rateLimit: { calls: rateLimit.calls, burst: rateLimit.burst } }),
      ...(retryBudget && { retryBudget: { ratio: retryBudget.ratio } }),
    },
    reason: '',
    minutes: 60,
  }
}

interface LimitsFormProps {
  form: OperationForm<LimitsInput>
  places: Places
  /** The period of its rate limit, in ms. */
  perMs: number | undefined
}

/** Other limits for a while. Only those that the policy has are asked for. */
export function LimitsForm({ form, places, perMs }: LimitsFormProps) {
  const { value, change, errors } = form
  const { limits } = value
  const { bulkhead, rateLimit, retryBudget } = limits
  const number = (
    label: string,
    field: string,
    current: number | undefined,
    onChange: (next: number) => void,
    { unit, step }: { unit?: string; step?: number } = {},
  ) => (
    <NumberField
      label={label}
      error={errors[`limits.${field}`]}
      unit={unit}
      min={0}
      step={step}
      value={current}
      onChange={onChange}
    />
  )
  const set = (patch: Partial<LimitsInput['limits']>) => change({ limits: { ...limits, ...patch } })
  return (
    <>
      <div className="flex flex-wrap gap-x-4 gap-y-2">
        {bulkhead ? (
          <>
            {number('Calls at a time', 'bulkhead.maxConcurrent', bulkhead.maxConcurrent, maxConcurrent =>
              set({ bulkhead: { ...bulkhead, maxConcurrent } }),
            )}
            {number('May wait', 'bulkhead.maxQueued', bulkhead.maxQueued, maxQueued =>
              set({ bulkhead: { ...bulkhead, maxQueued } }),
            )}
          </>
        ) : null}
        {rateLimit ? (
          <>
            {number(
              `Calls in ${perMs === undefined ? 'its period' : formatDuration(perMs)}`,
              'rateLimit.calls',
              rateLimit.calls,
              calls => set({ rateLimit: { ...rateLimit, calls } }),
            )}
            {number('Burst', 'rateLimit.burst', rateLimit.burst, burst => set({ rateLimit: { ...rateLimit, burst } }))}
          </>
        ) : null}
        {retryBudget
          ? number(
              'Retries at most',
              'retryBudget.ratio',
              Math.round(retryBudget.ratio * 1_000) / 10,
              percent => set({ retryBudget: { ratio: percent / 100 } }),
              { unit: '% of calls', step: 5 },
            )
          : null}
      </div>
      <p className="text-sm text-muted">Limits hold in each process, except a rate limit that is shared.</p>
      <OverrideFields form={form} places={places} ends="restored" />
    </>
  )
}
