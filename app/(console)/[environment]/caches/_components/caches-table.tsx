import { CutShort } from '@/app/(console)/_parts/filters/cut-short'
import type { UrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { urlSort } from '@/app/(console)/_parts/filters/url-sort'
import { Sparklines } from '@/app/(console)/_parts/series/sparklines'
import { type Joining, joiningLines } from '@/app/(console)/_parts/teaching/joining'
import { DataTable } from '@/components/data-table/data-table'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import type { CachesData } from '@/lib/console/areas/caches/views/caches'
import type { Part } from '@/lib/console/platform/part/part'
import { cacheColumns, cacheSecondary, hitRatioKey } from './cache-columns'

type Data = CachesData['caches'] extends Part<infer D> ? D : never

interface CachesTableProps {
  data: Data
  joining: Joining
  url: UrlFilters
  /** What the open sheet is about. */
  current: string | undefined
  /** A sheet is open beside it. */
  narrow: boolean
}

export function CachesTable({ data, joining, url, current, narrow }: CachesTableProps) {
  const { href, set } = url
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
        {...urlSort(url, cacheColumns.alone, 'state')}
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
      <CutShort shown={data.groups.length} total={data.total} />
    </Sparklines>
  )
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
      A cache shows up here within two seconds. Keys of other programs in Redis can be counted and deleted by prefix
      above.
    </EmptyState>
  )
}
