'use client'

import { useState } from 'react'
import type { UrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { useShownList } from '@/app/(console)/_parts/list/use-list'
import { processStatus } from '@/app/(console)/_parts/processes/process-state'
import { RowSparkline } from '@/app/(console)/_parts/series/row-sparkline'
import { Sparklines } from '@/app/(console)/_parts/series/sparklines'
import { Duration } from '@/components/status/duration'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { Panel } from '@/components/status/panel'
import { ShortNumber, Unknown } from '@/components/status/short-number'
import { StatusMark } from '@/components/status/status-mark'
import { AppLink } from '@/components/ui/app-link'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { Table, TableCell, TableHead, TableRow } from '@/components/ui/table'
import type { ServiceRow } from '@/lib/console/areas/services/views/services'
import type { ProcessState } from '@/lib/console/fleet/port'
import { formatExact } from '@/lib/core/number-format'

const SHOWN = 8

const requestsOf = (service: string) => ({ service, series: 'requests' })
const errorsOf = (service: string) => ({ service, series: 'request_errors' })

/** A line a service: how many of it run, which versions, what they use. A press narrows the list below to it. */
export function ServiceTable({ services }: { /** Those in trouble first. */ services: readonly ServiceRow[] }) {
  const { environment, url, beside } = useShownList()
  const [whole, setWhole] = useState(false)
  const chosen = url.get('service')
  const listed = chosen ? services.filter(({ service }) => service === chosen) : services
  const shown = whole ? listed : listed.slice(0, SHOWN)
  if (shown.length === 0) return null
  return (
    <Panel
      title="By service"
      className="mb-4"
      note={formatExact(services.length)}
      actions={
        chosen ? (
          <Button asChild size="sm" variant="quiet">
            <AppLink href={url.href({ service: undefined })}>All services</AppLink>
          </Button>
        ) : null
      }
    >
      <Table className="table-fixed">
        <thead>
          <tr>
            <TableHead className="pl-3.5">Service</TableHead>
            <TableHead className="w-[190px] max-wide:w-[130px]">Processes</TableHead>
            <TableHead
              className="w-[132px] max-wide:hidden"
              title="Requests per second in the last 15 minutes; in red, those answered with a server error"
            >
              Requests/s
            </TableHead>
            {beside ? null : <MoreHeads />}
          </tr>
        </thead>
        <tbody>
          <Sparklines
            environment={environment}
            keys={shown.flatMap(({ service }) => [requestsOf(service), errorsOf(service)])}
          >
            {shown.map(row => (
              <Line key={row.service} row={row} url={url} chosen={row.service === chosen} beside={beside} />
            ))}
          </Sparklines>
        </tbody>
      </Table>
      {listed.length > SHOWN ? (
        <div className="border-t border-line px-3.5 py-1.5">
          <Button variant="ghost" size="sm" onClick={() => setWhole(!whole)}>
            {whole ? 'Show fewer' : `Show all ${formatExact(listed.length)}`}
          </Button>
        </div>
      ) : null}
    </Panel>
  )
}

/** What there is room for where no sheet is open. */
function MoreHeads() {
  return (
    <>
      <TableHead className="hidden w-[190px] desk:table-cell">Versions</TableHead>
      <TableHead className="hidden w-[150px] min-[1360px]:table-cell">Owner</TableHead>
      <TableHead className="w-[84px] text-right max-wide:hidden" title="Cores in use">
        CPU, cores
      </TableHead>
      <TableHead className="w-[96px] text-right max-wide:hidden">Memory</TableHead>
      <TableHead className="hidden w-[110px] pr-3.5 text-right desk:table-cell" title="The worst event loop delay">
        Loop delay
      </TableHead>
    </>
  )
}

interface LineProps {
  row: ServiceRow
  url: UrlFilters
  chosen: boolean
  /** A sheet is open beside it. */
  beside: boolean
}

function Line({ row, url, chosen, beside }: LineProps) {
  return (
    <TableRow className={cn('relative', chosen ? 'bg-accent-soft' : 'hover:bg-sunk')}>
      <TableCell className="overflow-hidden pl-3.5">
        <AppLink
          href={url.href({ service: chosen ? undefined : row.service })}
          aria-current={chosen ? 'true' : undefined}
          className="block min-w-0 -outline-offset-2 after:absolute after:inset-0"
        >
          <MiddleTruncate text={row.service} />
        </AppLink>
      </TableCell>
      <TableCell>
        <StateCounts states={row.states} />
      </TableCell>
      <TableCell className="max-wide:hidden">
        <RowSparkline
          of={requestsOf(row.service)}
          bad={{ of: errorsOf(row.service), label: 'Errors per second' }}
          label="Requests per second"
          figure
        />
      </TableCell>
      {beside ? null : <MoreCells row={row} />}
    </TableRow>
  )
}

function MoreCells({ row }: { row: ServiceRow }) {
  const figure = 'text-right tabular-nums max-wide:hidden'
  return (
    <>
      <TableCell className="hidden desk:table-cell">
        <Versions versions={row.versions} />
      </TableCell>
      <TableCell className="hidden truncate text-muted min-[1360px]:table-cell" title={row.owner}>
        {row.owner ?? <Unknown why="No owner is registered" />}
      </TableCell>
      <TableCell className={figure}>
        <ShortNumber value={row.cpu} />
      </TableCell>
      <TableCell className={figure}>
        <ShortNumber value={row.rss} as="bytes" />
      </TableCell>
      <TableCell className="hidden pr-3.5 text-right tabular-nums desk:table-cell">
        <Duration ms={row.lag} />
      </TableCell>
    </>
  )
}

const SHOWN_STATES: readonly ProcessState[] = ['lost', 'late']

function StateCounts({ states }: { states: Record<ProcessState, number> }) {
  const gone = states.left + states.replaced
  return (
    <span className="flex flex-wrap items-center gap-x-2.5 tabular-nums">
      <span className={cn(states.up === 0 && 'text-muted')}>{formatExact(states.up)} up</span>
      {SHOWN_STATES.map(state =>
        states[state] === 0 ? null : (
          <span
            key={state}
            className={cn('inline-flex items-center gap-1 font-medium', state === 'lost' ? 'text-bad' : 'text-warning')}
          >
            <StatusMark status={processStatus[state]} className="size-2.5" />
            {formatExact(states[state])} {state}
          </span>
        ),
      )}
      {gone > 0 ? (
        <span
          className="text-faint"
          title={`${formatExact(states.left)} stopped, ${formatExact(states.replaced)} were replaced`}
        >
          {formatExact(gone)} gone
        </span>
      ) : null}
    </span>
  )
}

function Versions({ versions }: { versions: ServiceRow['versions'] }) {
  if (versions.length === 0) return <Unknown why="No process of it is running" />
  const [first] = versions
  if (versions.length === 1) return <span className="block truncate">{first?.version}</span>
  const words = versions.map(({ version, count }) => `${version} in ${formatExact(count)}`).join(', ')
  return (
    <span className="flex min-w-0 items-center gap-1.5" title={words}>
      <Badge tone="accent">{versions.length} versions</Badge>
      <span className="min-w-0 truncate text-muted">{words}</span>
    </span>
  )
}
