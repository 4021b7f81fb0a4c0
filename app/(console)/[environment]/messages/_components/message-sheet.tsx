'use client'

import { useOperation } from '@/app/(console)/_frame/catalogue'
import { useView } from '@/app/(console)/_frame/use-view'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { SheetWaiting } from '@/app/(console)/_parts/sheets/sheet-waiting'
import { OperationButton } from '@/components/operation/operation-button'
import { ReasonForm } from '@/components/operation/reason-form'
import { type Fact, KeyValue } from '@/components/status/key-value'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { PartBoundary } from '@/components/status/part-boundary'
import { RelativeTime } from '@/components/status/relative-time'
import { StatusMark } from '@/components/status/status-mark'
import { CodeBlock } from '@/components/ui/code-block'
import { EmptyState } from '@/components/ui/empty-state'
import { SheetBody, SheetFooter, SheetHeader } from '@/components/ui/sheet'
import type { ShownEvent, ShownMessage } from '@/lib/console/areas/messages/shown'
import type { MessageData } from '@/lib/console/areas/messages/views/message'
import { formatExact } from '@/lib/core/number-format'
import { Recipient } from './message-rows'
import { channelLabel, eventStatus, eventWords, MessageState } from './message-words'

interface MessageSheetProps {
  id: string
  database: string
  environment: string
}

/** One message: what it is, what became of it, and what it said. */
export function MessageSheet({ id, database, environment }: MessageSheetProps) {
  const { reading, failed } = useView<MessageData>(
    { view: 'message', environment, filters: { database, id } },
    undefined,
  )
  const cancel = useOperation('message.cancel')
  const resend = useOperation('message.resend')
  const found = reading?.data.found
  const message = found && found.status !== 'down' ? found.data.message : undefined
  const input = { database, id, reason: '' }
  return (
    <>
      <SheetHeader
        title={<MiddleTruncate text={message?.title ?? id} />}
        description={message ? channelLabel(message.channel) : 'Message'}
      >
        {message ? (
          <span className="flex h-7 items-center">
            <MessageState status={message.status} />
          </span>
        ) : null}
      </SheetHeader>
      {message ? (
        <SheetFooter className="justify-start">
          <OperationButton operation={resend} input={input} label="Send again…" subject={id}>
            {form => <ReasonForm form={form} />}
          </OperationButton>
          {message.status === 'queued' || message.status === 'scheduled' ? (
            <OperationButton operation={cancel} input={input} label="Cancel…" subject={id} variant="danger">
              {form => <ReasonForm form={form} />}
            </OperationButton>
          ) : null}
        </SheetFooter>
      ) : null}
      <SheetBody>
        <div className="-m-4">
          {found ? (
            <PartBoundary part={found} what={`The log of messages in ${database}`}>
              {({ message, events, content, mayRead }) =>
                message ? (
                  <>
                    <KeyValue className="px-4 py-3.5" facts={factsOf(message)} />
                    <Section title="What happened" note={formatExact(events.length)}>
                      <Way events={events} />
                    </Section>
                    <Section title="Content">
                      <div className="px-4 pb-3">
                        {content ? (
                          <>
                            <CodeBlock code={content.json} copy="Copy the content" />
                            {content.cut ? <p className="pt-1 text-sm text-muted">The rest is not shown.</p> : null}
                          </>
                        ) : (
                          <p className="text-md text-muted">
                            {mayRead ? 'It has none.' : 'Shown to those who may see what messages say.'}
                          </p>
                        )}
                      </div>
                    </Section>
                  </>
                ) : (
                  <EmptyState title="The message is not in the log">
                    It was removed after the time that the service keeps messages.
                  </EmptyState>
                )
              }
            </PartBoundary>
          ) : reading ? (
            <EmptyState title={`No database ${database} is declared here`}>
              Only the logs of declared databases can be read.
            </EmptyState>
          ) : (
            <SheetWaiting what="The message" failed={failed} />
          )}
        </div>
      </SheetBody>
    </>
  )
}

function factsOf(message: ShownMessage): Fact[] {
  const { template, provider, providerMessageId, attempts, lastError, scheduledFor, createdAt, batchId } = message
  const { notificationId, id } = message
  const facts: Fact[] = [
    { label: 'To', value: <Recipient row={message} /> },
    { label: 'Recorded', value: <RelativeTime at={createdAt} /> },
  ]
  if (scheduledFor !== undefined) facts.push({ label: 'Scheduled for', value: <RelativeTime at={scheduledFor} /> })
  if (template) facts.push({ label: 'Template', value: template })
  facts.push({ label: 'Provider', value: provider ?? <span className="text-muted">none called yet</span> })
  if (providerMessageId)
    facts.push({ label: 'Its id there', value: <code className="text-sm break-all">{providerMessageId}</code> })
  facts.push({ label: 'Attempts', value: formatExact(attempts) })
  if (lastError) facts.push({ label: 'Last error', value: <code className="text-sm break-words">{lastError}</code> })
  if (notificationId) facts.push({ label: 'Notification', value: <code className="text-sm">{notificationId}</code> })
  if (batchId) facts.push({ label: 'Batch', value: <code className="text-sm">{batchId}</code> })
  facts.push({ label: 'Id', value: <code className="text-sm">{id}</code> })
  return facts
}

/** The oldest first: it is read as a story. */
function Way({ events }: { events: readonly ShownEvent[] }) {
  return (
    <ol className="px-4 pb-2 text-md">
      {events.map(event => (
        <li key={event.id} className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-baseline gap-x-2 py-1">
          <StatusMark status={eventStatus(event.kind)} className="size-2.5 self-center" />
          <span>
            {eventWords(event.kind)}
            {event.provider ? <span className="text-muted"> · {event.provider}</span> : null}
          </span>
          <RelativeTime at={event.at} as="clock" className="text-sm text-muted" />
          {event.words ? (
            <code className="col-start-2 col-end-4 text-sm break-words text-muted">{event.words}</code>
          ) : null}
        </li>
      ))}
    </ol>
  )
}
