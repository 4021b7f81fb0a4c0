import { Meter } from '@/components/status/meter'
import { Panel } from '@/components/status/panel'
import { PartBoundary } from '@/components/status/part-boundary'
import { ShortNumber } from '@/components/status/short-number'
import { AppLink } from '@/components/ui/app-link'
import { Table, TableCell, TableHead, TableRow } from '@/components/ui/table'
import type { DatabaseOverviewData } from '@/lib/console/areas/database/views/overview'
import { formatExact } from '@/lib/core/number-format'

const SHOWN = 20

type Pools = NonNullable<DatabaseOverviewData['overview']>['pools']

/** The pools of the fleet that lead here, as their processes report them. */
export function PoolsPanel({ environment, pools }: { environment: string; pools: Pools }) {
  return (
    <Panel title="Pools of the fleet" note="as their processes report them">
      <PartBoundary part={pools} what={`The fleet of ${environment}`}>
        {list =>
          list.length === 0 ? (
            <p className="px-3.5 py-3 text-md text-muted">
              No process reports a pool that leads to this address. Pass its pools to <code>joinFleet</code>, and
              declare the database with the address that services use.
            </p>
          ) : (
            <Table className="tabular-nums">
              <thead>
                <tr>
                  <TableHead>Process</TableHead>
                  <TableHead className="max-wide:hidden">Pool</TableHead>
                  <TableHead>In use</TableHead>
                  <TableHead className="text-right">Waiting</TableHead>
                  <TableHead className="text-right max-wide:hidden">Failed queries</TableHead>
                </tr>
              </thead>
              <tbody>
                {list.slice(0, SHOWN).map(pool => (
                  <TableRow key={`${pool.id} ${pool.name}`}>
                    <TableCell className="max-w-0 min-w-28 truncate">
                      <AppLink href={`/${environment}/services?process=${pool.id}`} className="hover:underline">
                        {pool.instance}
                      </AppLink>
                    </TableCell>
                    <TableCell className="text-muted max-wide:hidden">{pool.name}</TableCell>
                    <TableCell className="whitespace-nowrap">
                      <span className="inline-flex items-center gap-2">
                        <Meter
                          label="Connections in use"
                          value={pool.active}
                          max={pool.max}
                          status={pool.active >= pool.max ? 'warning' : 'good'}
                          className="w-14"
                        />
                        {formatExact(pool.active)} <span className="text-muted">of {formatExact(pool.max)}</span>
                      </span>
                    </TableCell>
                    <TableCell className={pool.waiting > 0 ? 'text-right font-medium text-warning' : 'text-right'}>
                      {formatExact(pool.waiting)}
                    </TableCell>
                    <TableCell className="text-right max-wide:hidden">
                      <ShortNumber value={pool.errors} /> <span className="text-muted">of</span>{' '}
                      <ShortNumber value={pool.queries} />
                    </TableCell>
                  </TableRow>
                ))}
              </tbody>
            </Table>
          )
        }
      </PartBoundary>
    </Panel>
  )
}
