'use client'

import { useState } from 'react'
import { useView } from '@/app/(console)/_frame/use-view'
import type { UrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { HoursControl, hoursOf } from '@/app/(console)/_parts/series/hours-control'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { SheetWaiting } from '@/app/(console)/_parts/sheets/sheet-waiting'
import { Duration } from '@/components/status/duration'
import { PartBoundary } from '@/components/status/part-boundary'
import { Button } from '@/components/ui/button'
import type { BreakerGroup } from '@/lib/console/areas/breakers/group'
import type { WhatIfData, WhatIfOpened } from '@/lib/console/areas/breakers/views/what-if'
import type { WhatIf as Replayed } from '@/lib/console/areas/breakers/what-if'
import { formatPercent } from '@/lib/core/number-format'
import { formatClock } from '@/lib/core/time-format'
import { isWhole, toDraft } from './rule-draft'
import { type RuleDraft, RuleFields } from './rule-fields'

interface WhatIfProps {
  name: string
  group: BreakerGroup
  environment: string
  url: UrlFilters
  /** Opens the change of its policy with this rule. */
  onUse: (rule: RuleDraft) => void
}

/** Other thresholds, held against what was measured in the last hours. */
export function WhatIf({ name, group, environment, url, onUse }: WhatIfProps) {
  const [rule, setRule] = useState(() => inSeconds(toDraft(group.policy)))
  const hours = hoursOf(url.get('hours'))
  const whole = isWhole(rule)
  // An unfinished number is not asked about: what is shown stays that of the last whole rule.
  const [asked, setAsked] = useState(rule)
  if (whole && asked !== rule) setAsked(rule)
  const filters = Object.fromEntries(Object.entries(asked).map(([field, value]) => [field, String(value)]))
  const { reading, failed } = useView<WhatIfData>(
    { view: 'breaker-what-if', environment, filters: { name, hours, ...filters } },
    undefined,
  )
  return (
    <Section title="What if it opened by another rule">
      <div className="grid gap-3 px-4 pb-3">
        <HoursControl hours={hours} url={url} />
        <RuleFields rule={rule} onChange={patch => setRule(known => ({ ...known, ...patch }))} />
        {whole ? null : (
          <p role="status" className="text-sm text-muted">
            A number is missing, not whole, or out of range: the answer is still that of the rule before.
          </p>
        )}
      </div>
      {reading ? (
        <>
          <PartBoundary part={reading.data.services} what="The figures">
            {services => <Answer data={reading.data} services={services} />}
          </PartBoundary>
          <div className="flex flex-wrap items-center gap-3 px-4 py-2">
            <Button size="sm" onClick={() => onUse(rule)} disabled={!whole}>
              Use this rule for a while…
            </Button>
          </div>
          <p className="px-4 pb-2 text-sm text-muted">
            By calls and failures of each ten seconds, for an average process of the service. While the real breaker was
            open no calls were made, so nothing is known of those times.
          </p>
        </>
      ) : (
        <SheetWaiting what="The answer" failed={failed} />
      )}
    </Section>
  )
}

function Answer({ data, services }: { data: WhatIfData; services: readonly Replayed[] }) {
  if (data.wrong) return <p className="px-4 text-md text-muted">This is no rule: {data.wrong}.</p>
  if (services.length === 0)
    return <p className="px-4 text-md text-muted">Nothing was measured of it in that time, so there is no answer.</p>
  const opened = data.opened.status === 'down' ? undefined : data.opened.data
  return (
    <ul className="divide-y divide-line border-t border-line">
      {services.map(service => (
        <li key={service.service} className="grid gap-1 px-4 py-2 text-md">
          <p>
            <span className="font-medium">{service.service}</span>{' '}
            {service.measured === 0 ? (
              <span className="text-muted">was not measured in that time</span>
            ) : service.openings.length === 0 ? (
              'would not have opened'
            ) : (
              <>
                would have opened{' '}
                <strong className="tabular-nums">
                  {service.openings.length === 1 ? 'once' : `${service.openings.length} times`}
                </strong>
                , open for {formatPercent(service.openSteps / service.measured)} of the time
              </>
            )}
            <span className="text-muted">
              {opened === undefined ? null : `; ${reallyOpened(opened[service.service])}`}
            </span>
          </p>
          {service.openings.length > 0 ? (
            <p className="flex flex-wrap gap-x-3 gap-y-0.5 text-sm text-muted tabular-nums">
              {service.openings.slice(-12).map(({ at, until, calls, failures }) => (
                <span key={at} title={`${failures} of ${calls} calls of a process had failed`}>
                  {formatClock(at)}
                  {until === undefined ? (
                    ' until now'
                  ) : (
                    <>
                      {' '}
                      for <Duration ms={until - at} />
                    </>
                  )}
                </span>
              ))}
              {service.openings.length > 12 ? <span>and {service.openings.length - 12} before</span> : null}
            </p>
          ) : null}
        </li>
      ))}
    </ul>
  )
}

/** Counted over all processes, while a rule is held against an average one. */
function reallyOpened({ times, processes }: WhatIfOpened = { times: 0, processes: 0 }): string {
  if (times === 0) return 'it did not open'
  const often = times === 1 ? 'once' : `${times} times`
  return `in fact it opened ${often}${processes > 1 ? `, in ${processes} processes together` : ''}`
}

/** It is asked in whole seconds, of which the least is one. */
const inSeconds = (rule: RuleDraft): RuleDraft => ({ ...rule, within: Math.max(1, Math.round(rule.within)) })
