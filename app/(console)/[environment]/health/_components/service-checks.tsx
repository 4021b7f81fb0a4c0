'use client'

import { ChevronRight } from 'lucide-react'
import { useId, useState } from 'react'
import { HealthBadge } from '@/app/(console)/_parts/health/health-state'
import { Sparklines } from '@/app/(console)/_parts/series/sparklines'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { AppLink } from '@/components/ui/app-link'
import { cn } from '@/components/ui/cn'
import type { ServiceNode } from '@/lib/console/areas/health/collect'
import { formatExact } from '@/lib/core/number-format'
import { CheckHeads, CheckRow, latencyOf } from './check-row'

interface ServiceChecksProps {
  environment: string
  service: ServiceNode
  /** Whether it shows its checks until it is folded; one in trouble always does. */
  unfolded: boolean
  /** Whether its lines are asked for with those of all others. */
  sampled: boolean
}

export const latenciesOf = ({ service, checks }: ServiceNode) => checks.map(check => latencyOf(service, check.name))

/** A service, and below it what it says of each of its parts. */
export function ServiceChecks({ environment, service, unfolded, sampled }: ServiceChecksProps) {
  const { service: name, status, processes, checks } = service
  const [chosen, setChosen] = useState<boolean>()
  const id = useId()
  const open = chosen ?? (unfolded || status !== 'up')
  const rows = (
    <>
      <CheckHeads />
      <ul>
        {checks.map(check => (
          <CheckRow key={check.name} environment={environment} service={name} check={check} />
        ))}
      </ul>
    </>
  )
  return (
    <section aria-labelledby={id} className="min-w-0 overflow-clip rounded-lg border border-line bg-panel">
      <header
        className={cn(
          'relative flex min-h-10 flex-wrap items-center gap-x-2.5 px-3.5 py-1.5 hover:bg-sunk wide:flex-nowrap',
          open && 'border-b border-line',
        )}
      >
        <button
          type="button"
          aria-expanded={open}
          aria-label={`Checks of ${name}`}
          onClick={() => setChosen(!open)}
          className="flex size-3.5 items-center justify-center text-muted after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
        >
          <ChevronRight aria-hidden className={cn('size-3.5 transition-transform', open && 'rotate-90')} />
        </button>
        <HealthBadge status={status} />
        <h2 id={id} className="min-w-0 max-w-full text-md font-semibold">
          <AppLink
            href={`/${environment}/services?service=${encodeURIComponent(name)}`}
            className="relative z-1 block min-w-0 hover:underline"
          >
            <MiddleTruncate text={name} />
          </AppLink>
        </h2>
        <span className="shrink-0 text-sm text-muted">
          {formatExact(processes)} {processes === 1 ? 'process' : 'processes'}, {formatExact(checks.length)}{' '}
          {checks.length === 1 ? 'check' : 'checks'}
        </span>
      </header>
      {open && sampled ? rows : null}
      {open && !sampled ? (
        <Sparklines environment={environment} keys={latenciesOf(service)}>
          {rows}
        </Sparklines>
      ) : null}
    </section>
  )
}
