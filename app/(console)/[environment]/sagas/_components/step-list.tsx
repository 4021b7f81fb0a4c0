import { RelativeTime } from '@/components/status/relative-time'
import type { StepItem } from '@/lib/console/areas/sagas/saga-item'
import { formatDuration } from '@/lib/core/time-format'
import { StepBadge } from './saga-state'

/** The steps of a run in their order, each with its attempts and its last error. */
export function StepList({ steps }: { steps: readonly StepItem[] }) {
  return (
    <ol className="divide-y divide-line">
      {steps.map((step, at) => (
        <li key={step.name} className="grid gap-y-0.5 px-4 py-1.5 text-md">
          <div className="flex items-center gap-x-3">
            <span className="w-4 text-sm text-faint tabular-nums">{at + 1}</span>
            <span className="min-w-0 flex-1 truncate font-medium">{step.name}</span>
            <StepBadge state={step.state} />
          </div>
          <p className="pl-7 text-sm break-words text-muted">{notesOf(step)}</p>
          {step.startedAt === undefined ? null : (
            <p className="pl-7 text-sm text-muted tabular-nums">
              <RelativeTime at={step.startedAt} as="clock" />
              {step.endedAt === undefined ? null : `, took ${formatDuration(step.endedAt - step.startedAt)}`}
            </p>
          )}
        </li>
      ))}
    </ol>
  )
}

function notesOf({ state, attempts, compensationAttempts = 0, error, compensates, pivot }: StepItem): string {
  return [
    pivot && 'pivot: not compensated automatically after it',
    !compensates && state !== 'pending' && 'has no compensation',
    attempts > 1 && `${attempts} attempts`,
    compensationAttempts > 1 && `taken back in ${compensationAttempts} attempts`,
    error,
  ]
    .filter(Boolean)
    .join(' · ')
}
