import { Sparklines } from '@/app/(console)/_parts/series/sparklines'
import { type Joining, joiningLines } from '@/app/(console)/_parts/teaching/joining'
import type { Sort } from '@/components/data-table/data-column'
import { DataTable } from '@/components/data-table/data-table'
import { formatExact } from '@/components/status/number-format'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import type { Part } from '@/lib/console/part'
import type { CachesData } from '@/lib/console/views/caches'
import { cacheColumns, cacheSecondary, hitRatioKey } from './cache-columns'

type Data = CachesData['caches'] extends Part<infer D> ? D : never

interface CachesTableProps {
  data: Data
  joining: Joining
  url: {
    get: (name: string) => string | undefined
    href: (patch: Record<string, string | undefined>) => string
    set: (patch: Record<string, string | undefined>) => void
  }
  /** What the open sheet is about. */
  current: string | undefined
  /** A sheet stands beside it. */
  narrow: boolean
}

export function CachesTable({ data, joining, url, current, narrow }: CachesTableProps) {
  const { get, href, set } = url
  const sort = sortOf(get('sort'), get('dir'))
  return (
    <Sparklines environment={joining.environment} keys={narrow ? [] : data.groups.map(row => hitRatioKey(row))}>
      <DataTable
        label={`Caches in ${joining.environment}`}
        rows={data.groups}
        rowKey={row => `${row.name} ${row.namespace}`}
        columns={narrow ? cacheColumns.beside : cacheColumns.alone}
        rowHref={row => href({ cache: row.name, keys: undefined, pattern: undefined })}
        currentKey={data.groups.find(group => group.name === current)?.name}
        secondary={cacheSecondary}
        sort={sort}
        onSortChange={({ column, direction }: Sort) =>
          set({ sort: column, dir: direction === sortOf(column, undefined).direction ? undefined : direction })
        }
        empty={
          data.none ? (
            <NoCaches joining={joining} />
          ) : (
            <EmptyState
              title="No cache matches"
              action={
                <Button onClick={() => set({ q: undefined, state: undefined, service: undefined })}>
                  Clear the filters
                </Button>
              }
            >
              There are caches in this environment; none is as the filters want it.
            </EmptyState>
          )
        }
      />
      {data.groups.length < data.total ? (
        <p className="border-t border-line px-3.5 py-2 text-sm text-muted">
          The first {formatExact(data.groups.length)} of {formatExact(data.total)}. Narrow the list to see the others.
        </p>
      ) : null}
    </Sparklines>
  )
}

/** Names are wanted from A and ratios from the lowest first, everything else from the gravest or the most. */
function sortOf(column = 'state', direction: string | undefined): Sort {
  if (direction === 'asc' || direction === 'desc') return { column, direction }
  return { column, direction: column === 'name' || column === 'ratio' ? 'asc' : 'desc' }
}

function NoCaches({ joining }: { joining: Joining }) {
  return (
    <EmptyState
      title="No process has registered a cache"
      code={joiningLines(joining, {
        imports: "import { createCacheRegistry } from 'substation/cache'",
        lines: [
          `const caches = createCacheRegistry({ redisUrl: '${joining.redisUrl}' })`,
          "const catalogue = await caches.create({ name: 'catalogue' })",
        ],
        name: 'caches',
      })}
    >
      A cache shows up here within two seconds. Keys that somebody else keeps in Redis can be counted and deleted by
      prefix above.
    </EmptyState>
  )
}
