'use client'

import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { HealthBadge } from '@/app/(console)/_parts/health/health-state'
import { OwnerAndRunbook } from '@/app/(console)/_parts/ownership/owner-and-runbook'
import { RowSparkline } from '@/app/(console)/_parts/series/row-sparkline'
import { seriesOf } from '@/app/(console)/_parts/series/sparklines'
import { Duration } from '@/components/status/duration'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { RelativeTime } from '@/components/status/relative-time'
import { Unknown } from '@/components/status/short-number'
import { AppLink } from '@/components/ui/app-link'
import { Badge } from '@/components/ui/badge'
import { cn } from '@/components/ui/cn'
import type { CheckInstance, CheckNode } from '@/lib/console/areas/health/collect'
import type { SeriesKey } from '@/lib/console/platform/samples'
import { formatExact } from '@/lib/core/number-format'
import { formatDuration } from '@/lib/core/time-format'

const GRID =
  'grid grid-cols-[14px_96px_minmax(0,1fr)] items-center gap-x-2.5 px-3.5 wide:grid-cols-[14px_100px_minmax(0,1fr)_130px] desk:grid-cols-[14px_100px_minmax(0,1fr)_150px_112px_160px_140px]'

/** What the sampler keeps of it. */
export const latencyOf = (service: string, check: string): SeriesKey => ({
  service,
  series: seriesOf('health_check_seconds', { check }),
})

/** What the columns of the checks are; drawn only, since each line says what it is about. */
export function CheckHeads() {
  return (
    <div aria-hidden className={cn(GRID, 'border-b border-line py-1 text-sm text-muted max-wide:hidden')}>
      <span />
      <span>State</span>
      <span>Check</span>
      <span className="max-desk:hidden">Processes</span>
      <span className="max-desk:hidden">Last 15 min</span>
      <span className="text-right">Latency</span>
      <span className="text-right max-desk:hidden">In this state</span>
    </div>
  )
}

/** One check over the processes of its service; opened, a line for each of them. */
export function CheckRow({ environment, service, check }: { environment: string; service: string; check: CheckNode }) {
  const [open, setOpen] = useState(false)
  const { name, group, critical, status, counts, latencyMs, since, message } = check
  const total = counts.up + counts.degraded + counts.down + counts.unknown
  const off = status !== 'up'
  return (
    <li className="border-b border-line last:border-0">
      <div className={cn(GRID, 'relative min-h-(--row) py-1 text-md hover:bg-sunk')}>
        <button
          type="button"
          aria-expanded={open}
          aria-label={`${name} in each process`}
          onClick={() => setOpen(!open)}
          className="flex size-3.5 items-center justify-center text-faint after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
        >
          <ChevronRight aria-hidden className={cn('size-3.5 transition-transform', open && 'rotate-90')} />
        </button>
        <span>
          <HealthBadge status={status} />
        </span>
        <span className="flex min-w-0 items-center gap-2">
          <MiddleTruncate text={name} />
          {critical ? (
            <Badge className="shrink-0" title="While it is down, its service is not ready">
              critical
            </Badge>
          ) : null}
          {latencyMs ? (
            <span className="ml-auto shrink-0 text-sm text-muted tabular-nums wide:hidden">
              <Duration ms={latencyMs.median} />
            </span>
          ) : null}
        </span>
        <span className="hidden truncate text-muted tabular-nums desk:block">
          {status === 'unknown' ? (
            (message ?? 'no result yet')
          ) : (
            <Where status={status} counts={counts} total={total} />
          )}
        </span>
        <RowSparkline
          of={latencyOf(service, name)}
          label="Slowest answer"
          format={seconds => formatDuration(seconds * 1_000)}
          tone={status === 'down' ? 'bad' : status === 'degraded' ? 'warning' : 'accent'}
          className="max-desk:hidden"
        />
        <Latency latencyMs={latencyMs} />
        <span className="hidden text-right text-faint desk:block">
          since <RelativeTime at={since} as="clock" />
        </span>
      </div>
      {off ? <Explanation check={check} /> : null}
      {open ? (
        <div className="border-t border-line bg-bg py-1">
          {group || (!off && (check.owner || check.runbook)) ? (
            <p className="flex flex-wrap gap-x-3 px-3.5 py-1 pl-10 text-sm text-faint">
              {group ? (
                <span>
                  Group <span className="text-muted">{group}</span>
                </span>
              ) : null}
              {off ? null : <OwnerAndRunbook owner={check.owner} runbook={check.runbook} />}
            </p>
          ) : null}
          <ul>
            {check.instances.map(instance => (
              <InstanceRow key={instance.process} environment={environment} instance={instance} />
            ))}
          </ul>
          {total > check.instances.length ? (
            <p className="px-3.5 py-1 pl-10 text-sm text-muted">
              {formatExact(total - check.instances.length)} more, none of them worse than these.
            </p>
          ) : null}
        </div>
      ) : null}
    </li>
  )
}

function Where({ status, counts, total }: Pick<CheckNode, 'status' | 'counts'> & { total: number }) {
  const processes = `${formatExact(total)} ${total === 1 ? 'process' : 'processes'}`
  return status === 'up' ? processes : `${formatExact(counts[status])} of ${processes}`
}

/** What it says, and what to do about it. Of one whose process is lost there is little to say: a wide screen has it in the line. */
function Explanation({ check }: { check: CheckNode }) {
  const { status, message, nextStep, owner, runbook, since } = check
  return (
    <div
      className={cn(
        'px-3.5 pb-2 pl-10 text-md',
        status === 'unknown' ? 'flex flex-wrap items-baseline gap-x-3 desk:hidden' : 'grid gap-0.5',
      )}
    >
      <p className="break-words">{message ?? <span className="text-muted">The check gave no message.</span>}</p>
      {nextStep ? <p className="break-words text-muted">{nextStep}</p> : null}
      <p className="flex flex-wrap gap-x-3 text-sm text-faint">
        <span>
          for <RelativeTime at={since} as="age" />
        </span>
        {/* Of a check whose process is gone, the process is what matters. */}
        {status === 'unknown' ? null : <OwnerAndRunbook owner={owner} runbook={runbook} />}
      </p>
    </div>
  )
}

function Latency({ latencyMs }: { latencyMs: CheckNode['latencyMs'] }) {
  if (!latencyMs) return <Unknown className="text-right max-wide:hidden" />
  const { median, max } = latencyMs
  return (
    <span
      className="text-right tabular-nums max-wide:hidden"
      title={`Median ${formatDuration(median)}, slowest ${formatDuration(max)}`}
    >
      <Duration ms={median} />
      {max > median ? <span className="text-muted"> to {formatDuration(max)}</span> : null}
    </span>
  )
}

function InstanceRow({ environment, instance }: { environment: string; instance: CheckInstance }) {
  const words = [instance.message, instance.nextStep].filter(Boolean).join('. ')
  return (
    <li className={cn(GRID, 'relative min-h-7 text-md touch:min-h-(--row)')}>
      <span />
      <span>
        <HealthBadge status={instance.status} />
      </span>
      <AppLink
        href={`/${environment}/services?process=${instance.process}`}
        className="min-w-0 text-muted after:absolute after:inset-0 hover:text-ink hover:underline"
      >
        <MiddleTruncate text={instance.instance} />
      </AppLink>
      <span className="hidden truncate text-muted desk:block" title={words}>
        {words}
      </span>
      <span className="max-desk:hidden" />
      <Duration ms={instance.latencyMs} className="text-right text-muted max-wide:hidden" />
      <span className="hidden text-right text-faint desk:block">
        {instance.at === undefined ? (
          'not asked yet'
        ) : (
          <>
            asked <RelativeTime at={instance.at} />
          </>
        )}
      </span>
    </li>
  )
}
