import { useMemo } from 'react'
import { CutShort } from '@/app/(console)/_parts/filters/cut-short'
import type { UrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { urlSort } from '@/app/(console)/_parts/filters/url-sort'
import { Sparklines } from '@/app/(console)/_parts/series/sparklines'
import type { Joining } from '@/app/(console)/_parts/teaching/joining'
import { DataTable } from '@/components/data-table/data-table'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import type { QueuesData } from '@/lib/console/areas/queues/views/queues'
import { partsFor, queueColumns, waitingKey } from './queue-columns'

/** Sparklines asked for at most; the rows further down do without. */
const DRAWN = 120

interface QueuesTableProps {
  data: QueuesData
  joining: Joining
  /** Its addresses leave out what an open sheet had said. */
  url: UrlFilters
  current: { queue: string; server: string } | undefined
}

export function QueuesTable({ data, joining, url, current }: QueuesTableProps) {
  const { get, href, set } = url
  const beside = current !== undefined
  const parts = useMemo(() => partsFor(data.queues, beside), [data.queues, beside])
  const unknown = data.servers.some(({ status }) => status === 'down')
  return (
    <Sparklines environment={joining.environment} keys={beside ? [] : data.queues.slice(0, DRAWN).map(waitingKey)}>
      <DataTable
        label={`Queues in ${joining.environment}`}
        rows={data.queues}
        rowKey={row => `${row.server} ${row.key}`}
        {...parts}
        rowHref={row => href({ queue: row.key, server: row.server })}
        currentKey={current && `${current.server} ${current.queue}`}
        {...urlSort(url, queueColumns.alone, 'trouble')}
        empty={
          data.none ? (
            <NoQueues joining={joining} />
          ) : data.counts.all === 0 && unknown ? (
            <EmptyState title="No queue can be shown">Redis does not answer, so none is known. See above.</EmptyState>
          ) : data.counts.all === 0 && !['q', 'state', 'on'].some(name => get(name)) ? (
            <EmptyState title="Still looking for queues">
              The keys of the watched Redis servers are being searched; queues are listed as they are found.
            </EmptyState>
          ) : (
            <EmptyState
              title="No queue matches"
              action={
                <Button onClick={() => set({ q: undefined, state: undefined, on: undefined })}>
                  Clear the filters
                </Button>
              }
            >
              Queues were found; none matches all filters.
            </EmptyState>
          )
        }
      />
      <CutShort shown={data.queues.length} total={data.total} />
    </Sparklines>
  )
}

function NoQueues({ joining }: { joining: Joining }) {
  return (
    <EmptyState
      title="No BullMQ queue was found"
      code={[
        "import { Queue } from 'bullmq'",
        '',
        "const mail = new Queue('mail', {",
        `  connection: { url: '${joining.redisUrl}' },`,
        '})',
        "await mail.add('welcome', { to: 'ada@example.org' })",
      ].join('\n')}
    >
      Queues of BullMQ 4, 5 and 6 show up on their own under every prefix, whichever program made them; nothing has to
      be registered. Other servers are declared in <code>substation.config.ts</code>.
    </EmptyState>
  )
}
