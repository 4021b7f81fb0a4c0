'use client'

import dynamic from 'next/dynamic'
import { FilterBar } from '@/app/(console)/_parts/list/filter-bar'
import type { List } from '@/app/(console)/_parts/list/list'
import { ListPage } from '@/app/(console)/_parts/list/list-page'
import { ListPanel, ListPart } from '@/app/(console)/_parts/list/list-panel'
import { ListTable } from '@/app/(console)/_parts/list/list-table'
import { useList } from '@/app/(console)/_parts/list/use-list'
import { type Joining, joiningLines } from '@/app/(console)/_parts/teaching/joining'
import { EmptyState } from '@/components/ui/empty-state'
import type { EventsData } from '@/lib/console/areas/events/views/events'
import type { Reading } from '@/lib/console/platform/view/read'
import { FindEvent } from './find-event'
import { OutboxList } from './outbox-list'
import { subscriptionRows } from './subscription-rows'

const SubscriptionSheet = dynamic(() => import('./subscription-sheet').then(module => module.SubscriptionSheet))
const EventSheet = dynamic(() => import('./event-sheet').then(module => module.EventSheet))

const subscriptionsList: List = {
  view: 'events',
  search: 'Filter subscriptions',
  states: [
    { value: 'trouble', label: 'In trouble', status: 'warning' },
    { value: 'unhandled', label: 'Not handled', status: 'bad', offered: 'counted' },
  ],
  selects: [{ name: 'service', label: 'Service', any: 'All services' }],
  sheet: ['subscription', 'event'],
}

interface EventsBodyProps {
  initial: Reading<EventsData>
  joining: Joining
}

/** Who handles which events, what waits for them, and whether what is published is sent. */
export function EventsBody({ initial, joining }: EventsBodyProps) {
  const { environment } = joining
  const list = useList(subscriptionsList, environment, initial)
  const { subscriptions, outboxes } = list.data
  const known = subscriptions.status === 'down' ? undefined : subscriptions.data
  const name = list.url.get('subscription')
  const event = list.url.get('event')
  return (
    <ListPage
      list={list}
      title="Events"
      note="subscriptions and outboxes"
      sheet={
        event ? (
          <EventSheet key={event} id={event} environment={environment} />
        ) : name ? (
          <SubscriptionSheet key={name} name={name} environment={environment} />
        ) : null
      }
    >
      <FindEvent />
      {outboxes.status === 'down' || outboxes.data.length === 0 ? null : (
        <OutboxList rows={outboxes.data} stale={outboxes.status === 'stale'} environment={environment} />
      )}
      <FilterBar counts={known?.counts} options={{ service: known?.services ?? [] }} />
      <ListPanel>
        <ListPart part={subscriptions}>
          {({ rows: shown, total, none, omitted }) => (
            <>
              {omitted > 0 ? (
                <p className="border-b border-line px-3.5 py-2 text-sm text-muted">
                  {omitted === 1 ? 'One report' : `${omitted} reports`} of processes did not fit or could not be read:
                  subscriptions and figures may be missing.
                </p>
              ) : null}
              <ListTable
                of={subscriptionRows}
                rows={shown}
                total={total}
                empty={none ? <NoSubscriptions joining={joining} /> : undefined}
              />
            </>
          )}
        </ListPart>
      </ListPanel>
    </ListPage>
  )
}

function NoSubscriptions({ joining }: { joining: Joining }) {
  return (
    <EmptyState
      title="Nothing subscribes to events"
      code={joiningLines(joining, {
        imports: "import { createEvents } from 'substation/events'",
        lines: [
          "const events = await createEvents({ service: 'checkout' }, { queues, sql })",
          "await events.subscribe({ name: 'receipts', to: ['order.*'] }, async event => { /* … */ })",
          'events.startRelay()',
        ],
        name: 'events',
      })}
    >
      A subscription of a service shows up here within two seconds. How events are declared, published and handled is in{' '}
      <code>docs/events.md</code>.
    </EmptyState>
  )
}
