'use client'

import { useView } from '@/app/(console)/_frame/use-view'
import { ProcessLines } from '@/app/(console)/_parts/processes/process-lines'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { SheetWaiting } from '@/app/(console)/_parts/sheets/sheet-waiting'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { PartBoundary } from '@/components/status/part-boundary'
import { ShortNumber } from '@/components/status/short-number'
import { EmptyState } from '@/components/ui/empty-state'
import { SheetBody, SheetFooter, SheetHeader } from '@/components/ui/sheet'
import type { EventsData } from '@/lib/console/areas/events/views/events'
import { QueueLines } from './queue-lines'
import { ReplayAct } from './replay-act'
import { ReplayLines } from './replay-lines'
import { SubscriptionBadge } from './states'
import { SubscriptionFacts } from './subscription-facts'

/** One subscription: what it is given, what waits for it and where, and who handles it. */
export function SubscriptionSheet({ name, environment }: { name: string; environment: string }) {
  const { reading, failed } = useView<EventsData>({ view: 'events', environment, filters: { name } }, undefined)
  const part = reading?.data.subscriptions
  const row = part && part.status !== 'down' ? part.data.rows[0] : undefined
  const outboxes = reading?.data.outboxes
  const storing = outboxes && outboxes.status !== 'down' ? outboxes.data : []
  return (
    <>
      <SheetHeader
        title={<MiddleTruncate text={name} />}
        description={row ? `Subscription of ${row.services.join(', ')}` : 'Subscription'}
      >
        {row ? (
          <span className="flex h-7 items-center">
            <SubscriptionBadge state={row.state} />
          </span>
        ) : null}
      </SheetHeader>
      {row ? (
        <SheetFooter className="justify-start">
          <ReplayAct subscription={row.name} outboxes={storing} />
        </SheetFooter>
      ) : null}
      <SheetBody>
        <div className="-m-4">
          {part ? null : <SheetWaiting what="The subscription" failed={failed} />}
          {part ? (
            <PartBoundary part={part} what={`The fleet of ${environment}`}>
              {({ rows: [shown], omitted }) =>
                shown ? (
                  <>
                    <SubscriptionFacts row={shown} />
                    <Section title={shown.queues.length === 1 ? 'Queue' : 'Queues'} note="one for each partition">
                      <QueueLines queues={shown.queues} environment={environment} />
                    </Section>
                    <Section
                      title="Handled by"
                      note={shown.processes.length === 0 ? 'no process' : String(shown.processes.length)}
                    >
                      <ProcessLines
                        environment={environment}
                        processes={shown.processes}
                        note={({ handled }) => (
                          <>
                            <ShortNumber value={handled} /> handled
                          </>
                        )}
                      />
                    </Section>
                    <Section title="Replays" note="the newest, as processes report them">
                      <ReplayLines replays={shown.replays} environment={environment} />
                    </Section>
                  </>
                ) : (
                  <EmptyState title={omitted > 0 ? 'The subscription was not found' : 'There is no such subscription'}>
                    {omitted > 0
                      ? 'It is in none of the reports of processes that could be read, and some could not be read.'
                      : 'No process of this environment reports it, and none that sends knows it.'}
                  </EmptyState>
                )
              }
            </PartBoundary>
          ) : null}
        </div>
      </SheetBody>
    </>
  )
}
