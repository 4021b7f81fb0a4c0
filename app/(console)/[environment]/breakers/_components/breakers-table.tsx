import { breakerSparklines } from '@/app/(console)/_parts/breakers/breaker-sparkline'
import { CutShort } from '@/app/(console)/_parts/filters/cut-short'
import type { UrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { urlSort } from '@/app/(console)/_parts/filters/url-sort'
import { Sparklines } from '@/app/(console)/_parts/series/sparklines'
import { type Joining, joiningLines } from '@/app/(console)/_parts/teaching/joining'
import { DataTable } from '@/components/data-table/data-table'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import type { BreakersData } from '@/lib/console/areas/breakers/views/breakers'
import type { Part } from '@/lib/console/platform/part/part'
import { groupColumns, groupSecondary } from './group-columns'
import { instanceColumns, instanceSecondary } from './instance-columns'

type Data = BreakersData['breakers'] extends Part<infer D> ? D : never
const NARROWED_BY = { q: undefined, state: undefined, service: undefined }

interface BreakersTableProps {
  data: Data
  joining: Joining
  url: UrlFilters
  /** What the open sheet is about. */
  current: { breaker?: string; process?: string }
}

export function BreakersTable({ data, joining, url, current }: BreakersTableProps) {
  const { href, set } = url
  const shown = data.groups.length + data.instances.length
  const empty = data.none ? <NoBreakers joining={joining} /> : <NoMatch onClear={() => set(NARROWED_BY)} />
  // Beside a sheet there is room for what distinguishes rows; the sheet has the rest.
  const beside = current.breaker !== undefined
  return (
    <>
      {data.by === 'dependency' ? (
        <Sparklines environment={joining.environment} keys={beside ? [] : breakerSparklines(data.groups)}>
          <DataTable
            label={`Breakers in ${joining.environment}, by dependency`}
            rows={data.groups}
            rowKey={row => row.name}
            columns={beside ? groupColumns.beside : groupColumns.alone}
            rowHref={row => href({ breaker: row.name, process: undefined })}
            currentKey={current.breaker}
            secondary={groupSecondary}
            empty={empty}
            {...urlSort(url, groupColumns.alone, 'state')}
          />
        </Sparklines>
      ) : (
        <DataTable
          label={`Breakers in ${joining.environment}, by instance`}
          rows={data.instances}
          rowKey={row => `${row.process} ${row.breaker}`}
          columns={beside ? instanceColumns.beside : instanceColumns.alone}
          rowHref={row => href({ breaker: row.breaker, process: row.process })}
          currentKey={`${current.process} ${current.breaker}`}
          secondary={instanceSecondary}
          empty={empty}
          {...urlSort(url, instanceColumns.alone, 'state')}
        />
      )}
      <CutShort shown={shown} total={data.total} />
    </>
  )
}

function NoMatch({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState title="No breaker matches" action={<Button onClick={onClear}>Clear the filters</Button>}>
      There are breakers in this environment; none is as the filters want it.
    </EmptyState>
  )
}

function NoBreakers({ joining }: { joining: Joining }) {
  return (
    <EmptyState
      title="No process has registered a breaker"
      code={joiningLines(joining, {
        imports: "import { createBreakerRegistry } from 'substation/resilience'",
        lines: [
          'const breakers = createBreakerRegistry()',
          'const payments = breakers.create({',
          "  name: 'payments-api',",
          "  policy: { kind: 'consecutive', failures: 5 },",
          '  halfOpenAfterMs: 10_000,',
          '})',
        ],
        name: 'breakers',
      })}
    >
      A breaker shows up here within two seconds of its registration, in every process that has it. Those of opossum and
      cockatiel can be registered as they are.
    </EmptyState>
  )
}
