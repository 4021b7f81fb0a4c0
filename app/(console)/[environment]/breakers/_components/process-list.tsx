import { ChevronRight } from 'lucide-react'
import { BreakerStateBadge } from '@/app/(console)/_parts/breakers/breaker-state'
import { FailureMeter, measuredIn } from '@/app/(console)/_parts/breakers/failure-meter'
import { NextChange, upcomingIn } from '@/app/(console)/_parts/breakers/next-change'
import type { Places } from '@/app/(console)/_parts/holding/places'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import type { BreakerInstance } from '@/lib/console/areas/breakers/collect'
import { formatExact } from '@/lib/core/number-format'
import { BreakerActs } from './breaker-acts'
import { ProcessFacts } from './process-facts'

interface ProcessListProps {
  breaker: string
  instances: readonly BreakerInstance[]
  /** How many there are; more than are listed when cut. */
  total: number
  opened: string | undefined
  places: Places
}

/** The breaker in each process, by service. A line unfolds to the process's own figures and acts. */
export function ProcessList({ breaker, instances, total, opened, places }: ProcessListProps) {
  const services = Map.groupBy(instances, instance => instance.service)
  return (
    <section aria-label="Processes" className="border-t border-line">
      {[...services].map(([service, members]) => (
        <div key={service} className="border-b border-line">
          <div className="flex min-h-10 flex-wrap items-center gap-2 bg-sunk px-4 py-1.5">
            <h3 className="flex min-w-0 flex-1 items-baseline gap-2 text-md font-semibold">
              <MiddleTruncate text={service} />
              <span className="shrink-0 text-sm font-normal text-muted">
                {formatExact(members.length)} {members.length === 1 ? 'process' : 'processes'}
              </span>
            </h3>
            {services.size > 1 ? (
              <BreakerActs
                breaker={breaker}
                scope={{ kind: 'service', service }}
                where={`in the service ${service}`}
                forced={members.some(member => member.forced)}
                places={places}
                size="sm"
              />
            ) : null}
          </div>
          {members.map(member => (
            <ProcessLine
              key={member.process}
              member={member}
              opened={member.process === opened || total === 1}
              places={places}
            />
          ))}
        </div>
      ))}
      {instances.length < total ? (
        <p className="px-4 py-2 text-sm text-muted">
          The first {formatExact(instances.length)} of {formatExact(total)} processes, the gravest first.
        </p>
      ) : null}
    </section>
  )
}

function ProcessLine({ member, opened, places }: { member: BreakerInstance; opened: boolean; places: Places }) {
  const living = member.effective !== 'unknown'
  return (
    <details open={opened} className="group/process border-t border-line">
      <summary className="grid min-h-(--row) list-none grid-cols-[14px_minmax(0,1fr)_auto] items-center gap-x-2 px-4 py-1.5 text-md -outline-offset-2 hover:bg-sunk [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-3.5 text-muted transition-transform group-open/process:rotate-90" />
        <span className="flex min-w-0 items-baseline gap-2">
          <MiddleTruncate text={member.instance} />
          {member.version ? (
            <span className="shrink-0 text-sm text-muted" title="Version">
              {member.version}
            </span>
          ) : null}
        </span>
        <BreakerStateBadge state={member.effective} forced={member.forced?.state} />
        <span className="col-span-2 col-start-2 mt-0.5 flex min-w-0 flex-wrap items-center justify-between gap-x-3 text-sm">
          {living ? (
            <>
              <FailureMeter measured={measuredIn(member)} className="w-16" />
              {member.effective === 'closed' && !member.forced ? null : (
                <span>
                  <NextChange {...upcomingIn(member)} />
                </span>
              )}
            </>
          ) : (
            <span className="text-muted">not reporting; its last report is inside</span>
          )}
        </span>
      </summary>
      <div className="grid gap-3 bg-bg py-3 pr-4 pl-9.5">
        <ProcessFacts member={member} />
        {living ? (
          <div className="flex flex-wrap gap-2">
            <BreakerActs
              breaker={member.breaker}
              scope={{ kind: 'process', process: member.process }}
              where={`in ${member.instance}`}
              forced={member.forced !== undefined}
              places={places}
              size="sm"
            />
          </div>
        ) : null}
      </div>
    </details>
  )
}
