'use client'

import dynamic from 'next/dynamic'
import { FilterBar } from '@/app/(console)/_parts/list/filter-bar'
import type { List } from '@/app/(console)/_parts/list/list'
import { ListPage } from '@/app/(console)/_parts/list/list-page'
import { ListPanel, ListPart } from '@/app/(console)/_parts/list/list-panel'
import { ListTable } from '@/app/(console)/_parts/list/list-table'
import { useList } from '@/app/(console)/_parts/list/use-list'
import { ChooseTarget } from '@/app/(console)/_parts/targets/choose-target'
import { AppLink } from '@/components/ui/app-link'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import type { MessagesData } from '@/lib/console/areas/messages/views/messages'
import type { Reading } from '@/lib/console/platform/view/read'
import { DaySummary } from './day-summary'
import { messageRows } from './message-rows'
import { channelOptions, statusOptions } from './message-words'
import { NoLog } from './no-log'
import { Pages } from './pages'

const MessageSheet = dynamic(() => import('./message-sheet').then(module => module.MessageSheet))

const WHAT: Record<string, string> = {
  'message.cancel': 'a message to cancel it',
  'message.resend': 'a message to send it again',
}

const messagesList: List = {
  view: 'messages',
  search: 'Recipient, whole',
  selects: [
    { name: 'database', label: 'Database', any: 'First database' },
    { name: 'channel', label: 'Channel', any: 'All channels', options: channelOptions },
    { name: 'status', label: 'Status', any: 'Any status', options: statusOptions },
    { name: 'provider', label: 'Provider', any: 'Any provider' },
  ],
  otherFilters: ['template', 'from', 'to'],
  page: 'before',
  sheet: ['message'],
}

interface MessagesBodyProps {
  environment: string
  initial: Reading<MessagesData>
}

/** What was sent over all channels, and what became of it. */
export function MessagesBody({ environment, initial }: MessagesBodyProps) {
  const list = useList(messagesList, environment, initial)
  const { databases, database, log, counts } = list.data
  const { get, set } = list.url
  const id = get('message')
  const what = WHAT[get('act') ?? '']
  const providers = counts && counts.status !== 'down' ? counts.data.flatMap(({ provider }) => provider ?? []) : []
  return (
    <ListPage
      list={list}
      title="Messages"
      note="what was sent over all channels, and what became of it"
      actions={
        <Button asChild>
          <AppLink href={`/${environment}/messages/suppressions`}>Suppressed addresses</AppLink>
        </Button>
      }
      sheet={id && database ? <MessageSheet key={id} id={id} database={database} environment={environment} /> : null}
    >
      {what && !id ? <ChooseTarget what={what} onCancel={() => set({ act: undefined })} /> : null}
      {log ? (
        <>
          {counts ? <DaySummary counts={counts} /> : null}
          <FilterBar
            options={{
              database: databases.map(({ name }) => ({ value: name, label: name })),
              provider: [...new Set(providers)].sort(),
            }}
          />
          <ListPanel>
            <ListPart part={log} what={`The log of messages in ${database}`}>
              {({ rows, next }) => (
                <>
                  <ListTable
                    of={messageRows}
                    rows={rows}
                    empty={
                      list.chosen.length === 0 && !get('before') ? (
                        <EmptyState title="No message yet">
                          Services that send with substation/email or substation/notifications record each message here.
                        </EmptyState>
                      ) : undefined
                    }
                  />
                  <Pages next={next} last="This is the first message." />
                </>
              )}
            </ListPart>
          </ListPanel>
        </>
      ) : (
        <NoLog databases={databases} />
      )}
    </ListPage>
  )
}
