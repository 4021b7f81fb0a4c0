import { Sparklines } from '@/app/(console)/_parts/series/sparklines'
import type { Joining } from '@/app/(console)/_parts/teaching/joining'
import type { Sort } from '@/components/data-table/data-column'
import { DataTable } from '@/components/data-table/data-table'
import { formatExact } from '@/components/status/number-format'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import type { QueuesData } from '@/lib/console/views/queues'
import { queueColumns, queueSecondary, waitingKey } from './queue-columns'

/** Sparklines asked for at most; the rows further down do without. */
const DRAWN = 120

interface QueuesTableProps {
  data: QueuesData
  joining: Joining
  url: {
    get: (name: string) => string | undefined
    /** Without what an open sheet had said. */
    href: (patch: Record<string, string | undefined>) => string
    set: (patch: Record<string, string | undefined>) => void
  }
  current: { queue: string; server: string } | undefined
}

export function QueuesTable({ data, joining, url, current }: QueuesTableProps) {
  const { get, href, set } = url
  const sort = sortOf(get('sort'), get('dir'))
  const beside = current !== undefined
  const unknown = data.servers.some(({ status }) => status === 'down')
  return (
    <Sparklines environment={joining.environment} keys={beside ? [] : data.queues.slice(0, DRAWN).map(waitingKey)}>
      <DataTable
        label={`Queues in ${joining.environment}`}
        rows={data.queues}
        rowKey={row => `${row.server} ${row.key}`}
        columns={beside ? queueColumns.beside : queueColumns.alone}
        rowHref={row => href({ queue: row.key, server: row.server })}
        currentKey={current && `${current.server} ${current.queue}`}
        secondary={queueSecondary}
        sort={sort}
        onSortChange={({ column, direction }: Sort) =>
          set({ sort: column, dir: direction === sortOf(column, undefined).direction ? undefined : direction })
        }
        empty={
          data.none ? (
            <NoQueues joining={joining} />
          ) : data.counts.all === 0 && unknown ? (
            <EmptyState title="No queue can be shown">Redis does not answer, so none is known. See above.</EmptyState>
          ) : (
            <EmptyState
              title="No queue matches"
              action={
                <Button onClick={() => set({ q: undefined, state: undefined, on: undefined })}>
                  Clear the filters
                </Button>
              }
            >
              None of those found so far is as the filters want it.
            </EmptyState>
          )
        }
      />
      {data.queues.length < data.total ? (
        <p className="border-t border-line px-3.5 py-2 text-sm text-muted">
          The first {formatExact(data.queues.length)} of {formatExact(data.total)}. Narrow the list to see the others.
        </p>
      ) : null}
    </Sparklines>
  )
}

/** Names are wanted from A first, everything else from the gravest or the most. */
function sortOf(column = 'trouble', direction: string | undefined): Sort {
  if (direction === 'asc' || direction === 'desc') return { column, direction }
  return { column, direction: column === 'name' ? 'asc' : 'desc' }
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
      Queues of BullMQ 4, 5 and 6 show up by themselves, whoever made them; nothing has to be registered. Other prefixes
      than <code>bull</code> and other servers are declared in <code>substation.config.ts</code>.
    </EmptyState>
  )
}
