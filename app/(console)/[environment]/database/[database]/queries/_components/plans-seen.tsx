import { Section } from '@/app/(console)/_parts/sheets/section'
import { PartBoundary } from '@/components/status/part-boundary'
import { RelativeTime } from '@/components/status/relative-time'
import type { QueryData } from '@/lib/console/areas/database/views/query'
import { formatShort } from '@/lib/core/number-format'

/** The plans that the server chose for a statement lately. */
export function PlansSeen({ plans }: { plans: NonNullable<QueryData['plans']> }) {
  return (
    <Section
      title="Plan changes"
      note="in two days; looked at every ten minutes of the ten statements that take most time"
    >
      <PartBoundary part={plans} what="The plans seen">
        {seen =>
          seen.length === 0 ? (
            <p className="px-4 pb-1 text-md text-muted">Its plan was not looked at.</p>
          ) : (
            <ul className="text-md">
              {seen.map(({ shape, plan, cost, from, until }) => (
                <li key={shape} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 px-4 py-1">
                  <span className="break-words">{plan}</span>
                  <span className="text-right tabular-nums">cost {formatShort(cost)}</span>
                  <span className="text-sm text-muted">
                    first seen <RelativeTime at={from} />, last <RelativeTime at={until} />
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </PartBoundary>
    </Section>
  )
}
