'use client'

import { useView } from '@/app/(console)/_frame/use-view'
import type { UrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { HoursControl, hoursOf } from '@/app/(console)/_parts/series/hours-control'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { SheetWaiting } from '@/app/(console)/_parts/sheets/sheet-waiting'
import { PartBoundary } from '@/components/status/part-boundary'
import { RelativeTime } from '@/components/status/relative-time'
import type { History } from '@/lib/console/areas/breakers/history'
import type { BreakerHistoryData } from '@/lib/console/areas/breakers/views/breaker-history'
import { StateLanes } from './state-lanes'

/** Deploys and acts that are listed below the lanes; all are on them. */
const MOST_MARKS = 12

interface BreakerHistoryProps {
  name: string
  environment: string
  url: UrlFilters
}

/** The states of the last hours in each process, with deploys and acts. */
export function BreakerHistory({ name, environment, url }: BreakerHistoryProps) {
  const hours = hoursOf(url.get('hours'))
  const { reading, failed } = useView<BreakerHistoryData>(
    { view: 'breaker-history', environment, filters: { name, hours } },
    undefined,
  )
  return (
    <Section title="States over time">
      <div className="px-4 pb-2">
        <HoursControl hours={hours} url={url} />
      </div>
      {reading ? (
        <PartBoundary part={reading.data.history} what="The record of transitions">
          {history => <Known history={history} hours={hours} />}
        </PartBoundary>
      ) : (
        <SheetWaiting what="The history" failed={failed} />
      )}
    </Section>
  )
}

function Known({ history, hours }: { history: History; hours: string }) {
  const { lanes, moreLanes, unchanged, marks } = history
  return (
    <>
      {lanes.length > 0 || marks.length > 0 ? <StateLanes history={history} /> : null}
      <p className="px-4 pb-2 text-md text-muted">
        {lanes.length === 0
          ? `It did not change in any process in the last ${hours === '1' ? 'hour' : `${hours} hours`}.`
          : null}
        {moreLanes > 0 ? `${moreLanes} more processes changed. ` : null}
        {lanes.length > 0 && unchanged.count > 0
          ? `Unchanged in ${unchanged.count} more, ${unchanged.states.join(' and ')}.`
          : null}
      </p>
      {marks.length > 0 ? (
        <ul className="grid gap-1 border-t border-line px-4 py-2 text-md">
          {marks.slice(0, MOST_MARKS).map(mark => (
            <li key={mark.id} className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-3">
              <span className="min-w-0 break-words">{mark.text}</span>
              <RelativeTime at={mark.at} className="text-sm text-muted" />
            </li>
          ))}
          {marks.length > MOST_MARKS ? <li className="text-muted">{marks.length - MOST_MARKS} more before</li> : null}
        </ul>
      ) : null}
    </>
  )
}
