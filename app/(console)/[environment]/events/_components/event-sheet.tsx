'use client'

import { useView } from '@/app/(console)/_frame/use-view'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { SheetWaiting } from '@/app/(console)/_parts/sheets/sheet-waiting'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { PartBoundary } from '@/components/status/part-boundary'
import { EmptyState } from '@/components/ui/empty-state'
import { SheetBody, SheetHeader } from '@/components/ui/sheet'
import type { EventData } from '@/lib/console/areas/events/views/event'
import { DeliveryLines } from './delivery-lines'
import { EventFacts } from './event-facts'

/** One event, and its way through all subscriptions. */
export function EventSheet({ id, environment }: { id: string; environment: string }) {
  const { reading, failed } = useView<EventData>({ view: 'event', environment, filters: { id } }, undefined)
  const { isId, stored, way } = reading?.data ?? {}
  const facts = way && way.status !== 'down' ? way.data.facts : undefined
  return (
    <>
      <SheetHeader
        title={<MiddleTruncate text={id} className="font-mono" />}
        description={facts ? `Event, ${facts.type}` : 'Event'}
      />
      <SheetBody>
        <div className="-m-4">
          {reading ? null : <SheetWaiting what="The event" failed={failed} />}
          {isId === false ? (
            <EmptyState title="That is not the id of an event">
              It is the 26 letters and digits that <code>publish</code> returned, as a handler gets it in{' '}
              <code>id</code>.
            </EmptyState>
          ) : null}
          {stored ? (
            <PartBoundary part={stored} what={`The fleet of ${environment}`}>
              {outboxes => <EventFacts facts={facts} stored={outboxes} environment={environment} />}
            </PartBoundary>
          ) : null}
          {way ? (
            <Section title="Subscriptions" note="what became of it in each">
              <PartBoundary part={way} what="Redis">
                {data => <DeliveryLines {...data} environment={environment} />}
              </PartBoundary>
            </Section>
          ) : null}
        </div>
      </SheetBody>
    </>
  )
}
