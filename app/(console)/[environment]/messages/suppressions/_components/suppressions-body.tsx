'use client'

import { useOperation } from '@/app/(console)/_frame/catalogue'
import { FilterBar } from '@/app/(console)/_parts/list/filter-bar'
import type { List } from '@/app/(console)/_parts/list/list'
import { ListFrame } from '@/app/(console)/_parts/list/list-frame'
import { ListPanel, ListPart } from '@/app/(console)/_parts/list/list-panel'
import { useList } from '@/app/(console)/_parts/list/use-list'
import { OperationButton } from '@/components/operation/operation-button'
import { AppLink } from '@/components/ui/app-link'
import { Button } from '@/components/ui/button'
import type { SuppressionsData } from '@/lib/console/areas/messages/views/suppressions'
import type { Reading } from '@/lib/console/platform/view/read'
import { channelOptions } from '../../_components/message-words'
import { NoLog } from '../../_components/no-log'
import { Pages } from '../../_components/pages'
import { SuppressForm, type SuppressInput } from './suppress-form'
import { SuppressionList } from './suppression-list'

const suppressionsList: List = {
  view: 'suppressions',
  search: 'Address, whole',
  selects: [
    { name: 'database', label: 'Database', any: 'First database' },
    { name: 'channel', label: 'Channel', any: 'All channels', options: channelOptions },
    {
      name: 'reason',
      label: 'Reason',
      any: 'Any reason',
      options: [
        { value: 'bounce', label: 'Bounced' },
        { value: 'complaint', label: 'Complained' },
        { value: 'unsubscribe', label: 'Unsubscribed' },
        { value: 'manual', label: 'By hand' },
      ],
    },
  ],
  page: 'before',
}

interface SuppressionsBodyProps {
  environment: string
  initial: Reading<SuppressionsData>
}

/** Addresses that nothing is sent to, and why. */
export function SuppressionsBody({ environment, initial }: SuppressionsBodyProps) {
  const list = useList(suppressionsList, environment, initial)
  const suppress = useOperation('message.suppress')
  const { databases, database, list: part } = list.data
  return (
    <ListFrame
      list={list}
      title="Suppressed"
      note="addresses that nothing is sent to"
      actions={
        <Button asChild>
          <AppLink href={`/${environment}/messages`}>Messages</AppLink>
        </Button>
      }
    >
      {part && database ? (
        <>
          <p className="mb-3">
            <OperationButton<SuppressInput>
              operation={suppress}
              input={{ database, channel: 'email', address: '', reason: '' }}
              label="Suppress an address…"
              subject={database}
            >
              {form => <SuppressForm form={form} />}
            </OperationButton>
          </p>
          <FilterBar options={{ database: databases.map(({ name }) => ({ value: name, label: name })) }} />
          <ListPanel>
            <ListPart part={part} what={`The list in ${database}`}>
              {({ rows, next, whole }) => (
                <>
                  <SuppressionList rows={rows} whole={whole} database={database} filtered={list.chosen.length > 0} />
                  <Pages next={next} last="This is the first one." />
                </>
              )}
            </ListPart>
          </ListPanel>
        </>
      ) : (
        <NoLog databases={databases} />
      )}
    </ListFrame>
  )
}
