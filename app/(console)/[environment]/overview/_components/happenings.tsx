'use client'

import { useState } from 'react'
import { TimelineList } from '@/app/(console)/_parts/timeline/timeline-list'
import { HeldRows } from '@/components/data-table/held-rows'
import { Panel } from '@/components/status/panel'
import { PartBoundary } from '@/components/status/part-boundary'
import type { OverviewData } from '@/lib/console/areas/overview/views/overview'
import type { TimelineEntry } from '@/lib/console/platform/timeline/entry'

interface HappeningsProps {
  environment: string
  events: OverviewData['events']
}

/** What happened, live. While a pointer or the focus is in it nothing moves: what is new waits to be asked for. */
export function Happenings({ environment, events }: HappeningsProps) {
  const [held, setHeld] = useState<readonly TimelineEntry[]>()
  const latest = events.status === 'down' ? [] : events.data
  const hold = () => setHeld(known => known ?? latest)
  const shown = held ?? latest
  const newest = shown[0]?.at ?? 0
  const waiting = held ? latest.filter(entry => entry.at > newest).length : 0
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only notices where the pointer and the focus are
    <div
      onPointerEnter={event => event.pointerType === 'mouse' && hold()}
      onPointerLeave={() => setHeld(undefined)}
      onFocus={hold}
      onBlur={event => !event.currentTarget.contains(event.relatedTarget) && setHeld(undefined)}
    >
      <Panel title="Event log">
        <PartBoundary part={events} what="The record of events">
          {() => (
            <>
              <HeldRows count={waiting} onShow={() => setHeld(latest)} />
              {shown.length === 0 ? (
                <p className="px-3.5 py-3 text-md text-muted">
                  Nothing yet. Starts, stops and losses of processes, breakers that open and close, and acts of
                  operators are listed here.
                </p>
              ) : (
                <TimelineList environment={environment} entries={shown} className="py-1.5" />
              )}
            </>
          )}
        </PartBoundary>
      </Panel>
    </div>
  )
}
