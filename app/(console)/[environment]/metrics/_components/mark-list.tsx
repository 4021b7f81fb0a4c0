'use client'

import { TimelineList } from '@/app/(console)/_parts/timeline/timeline-list'
import { Panel } from '@/components/status/panel'
import { PartBoundary } from '@/components/status/part-boundary'
import { RelativeTime } from '@/components/status/relative-time'
import type { MetricsData } from '@/lib/console/areas/metrics/views/metrics'
import type { Span } from '@/lib/console/series/span'

/** What happened in the time that is shown, in words: more than the lane above the charts has room for. */
export function MarkList({
  environment,
  marks,
  span,
  className,
}: {
  environment: string
  marks: MetricsData['marks']
  span: Span
  className?: string
}) {
  return (
    <Panel title="Events" note="deploys, breakers, operations" className={className}>
      <PartBoundary part={marks} what="The record of events">
        {({ list, cutBefore }) => (
          <>
            {list.length === 0 ? (
              <p className="px-3.5 py-3 text-md text-muted">
                No deploy, no change of a breaker and no operation between <RelativeTime at={span.from} as="clock" />{' '}
                and <RelativeTime at={span.to} as="clock" />.
              </p>
            ) : (
              <TimelineList environment={environment} entries={list.slice(0, SHOWN)} className="py-1.5" />
            )}
            {list.length > SHOWN || cutBefore ? (
              <p className="border-t border-line px-3.5 py-2 text-sm text-muted">
                {list.length > SHOWN ? `The newest ${SHOWN} of ${list.length}` : `The newest ${list.length}`}
                {cutBefore ? ' and more' : ''}: zoom in to see the others.
              </p>
            ) : null}
          </>
        )}
      </PartBoundary>
    </Panel>
  )
}

const SHOWN = 40
