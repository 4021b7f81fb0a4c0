import type { ReactNode } from 'react'
import { processStatus } from '@/app/(console)/_parts/processes/process-state'
import { Duration } from '@/components/status/duration'
import { FlashOnChange } from '@/components/status/flash-on-change'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { ShortNumber, Unknown } from '@/components/status/short-number'
import { StatusMark } from '@/components/status/status-mark'
import { AppLink } from '@/components/ui/app-link'
import type { FleetFigures } from '@/lib/console/areas/overview/views/overview'
import type { ProcessState } from '@/lib/console/fleet/port'
import { formatExact } from '@/lib/core/number-format'

/** What the processes say of themselves with every beat, added up. */
export function FleetTiles({ environment, fleet }: { environment: string; fleet: FleetFigures }) {
  const { states, services, measured, cpu, rss, lag } = fleet
  const running = states.up + states.late
  const off = (['lost', 'late'] as const).filter(state => states[state] > 0)
  const over = `${formatExact(measured)} ${measured === 1 ? 'process' : 'processes'}`
  return (
    <section
      aria-label="The fleet in figures"
      className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line wide:grid-cols-4"
    >
      <Tile
        label="Processes running"
        href={`/${environment}/services`}
        value={<FlashOnChange value={running}>{formatExact(running)}</FlashOnChange>}
      >
        {off.length > 0 ? (
          off.map(state => <OffCount key={state} environment={environment} state={state} count={states[state]} />)
        ) : (
          <span>
            in {formatExact(services)} {services === 1 ? 'service' : 'services'}
          </span>
        )}
      </Tile>
      <Tile label="CPU" value={<ShortNumber value={cpu} unit={cpu === undefined ? undefined : 'cores'} />}>
        in use by {over}
      </Tile>
      <Tile label="Memory" value={<ShortNumber value={rss} as="bytes" />}>
        resident in {over}
      </Tile>
      <Tile label="Worst event loop delay" value={lag ? <Duration ms={lag.ms} /> : <Unknown />}>
        {lag ? (
          <AppLink
            href={`/${environment}/services?process=${lag.process}`}
            className="flex min-w-0 gap-1 hover:text-ink hover:underline"
          >
            in <MiddleTruncate text={lag.instance} />
          </AppLink>
        ) : (
          <span>no process reports it</span>
        )}
      </Tile>
    </section>
  )
}

interface TileProps {
  label: string
  href?: string
  value: ReactNode
  children: ReactNode
}

function Tile({ label, href, value, children }: TileProps) {
  return (
    <div className="min-w-0 bg-panel px-3.5 py-2.5">
      <p className="truncate text-sm text-muted">
        {href ? (
          <AppLink href={href} className="hover:text-ink hover:underline">
            {label}
          </AppLink>
        ) : (
          label
        )}
      </p>
      <p className="text-2xl font-semibold tracking-tight tabular-nums">{value}</p>
      <div className="flex min-w-0 flex-wrap gap-x-2 text-sm text-muted">{children}</div>
    </div>
  )
}

function OffCount({ environment, state, count }: { environment: string; state: ProcessState; count: number }) {
  const status = processStatus[state]
  return (
    <AppLink
      href={`/${environment}/services?state=${state}`}
      className={`inline-flex items-center gap-1 font-medium hover:underline ${status === 'bad' ? 'text-bad' : 'text-warning'}`}
    >
      <StatusMark status={status} className="size-2.5" />
      {formatExact(count)} {state}
    </AppLink>
  )
}
