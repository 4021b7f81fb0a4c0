import type { ActScope } from '../../fleet/act-scope.ts'
import { Fleet } from '../../fleet/resources.ts'
import { counted } from '../../platform/counted.ts'
import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import { mapPart } from '../../platform/part/map-part.ts'
import type { Part } from '../../platform/part/part.ts'
import { BREAKER_SERIES, SERVICE_SERIES, seriesName } from '../../series/names.ts'
import type { RecentSeries } from '../../series/port.ts'
import { Series } from '../../series/resource.ts'
import { breakersOf } from './collect.ts'
import { type Replayed, replayRule, type Step } from './replay-rule.ts'
import type { Rule } from './rule.ts'

const HOUR = 3_600_000
/** Figures are kept in steps of ten seconds. */
const STEP = 10_000

export interface WhatIf extends Replayed {
  service: string
  from: number
  to: number
  stepMs: number
}

/**
 * A rule held against what was measured, by service: calls and failures of each ten seconds, divided by the processes of
 * the service, since a breaker counts in its own process. What was recorded is what the breaker let through.
 */
export async function replayMeasured(
  environment: ConsoleEnvironment,
  {
    breaker,
    services,
    rule,
    halfOpenAfterMs,
    from,
    to,
  }: {
    breaker: string
    services: readonly string[]
    rule: Rule
    halfOpenAfterMs: number
    from: number
    to: number
  },
): Promise<Part<WhatIf[]>> {
  const calls = seriesName(BREAKER_SERIES.calls, { breaker })
  const failures = seriesName(BREAKER_SERIES.failures, { breaker })
  const keys = services.flatMap(service => [
    { service, series: calls },
    { service, series: failures },
    { service, series: SERVICE_SERIES.processes },
  ])
  const found = await environment.of(Series).range(keys, { from, to, points: (to - from) / STEP })
  return mapPart(found, list =>
    services.flatMap((service): WhatIf[] => {
      const of = (series: string) => list.find(one => one.service === service && one.series === series)
      const made = of(calls)
      if (!made) return []
      const stepMs = made.step
      const steps = stepsOf(made, of(failures), of(SERVICE_SERIES.processes))
      const begin = made.until - made.values.length * stepMs
      return [{ service, from: begin, to: made.until, stepMs, ...replayRule(steps, rule, { stepMs, halfOpenAfterMs }) }]
    }),
  )
}

/** Rates of a service as counts of one of its processes. */
function stepsOf(
  calls: RecentSeries,
  failures: RecentSeries | undefined,
  processes: RecentSeries | undefined,
): (Step | null)[] {
  const begin = calls.until - calls.values.length * calls.step
  return calls.values.map((rate, index) => {
    if (rate === null) return null
    const share = calls.step / 1_000 / Math.max(1, processes?.values[index] ?? 1)
    return { at: begin + index * calls.step, calls: rate * share, failures: (failures?.values[index] ?? 0) * share }
  })
}

/** How often a rule would have opened in the last hour, with a sentence for a preview; undefined when nothing is known. */
export async function openingsUnder(
  environment: ConsoleEnvironment,
  breaker: string,
  scope: ActScope,
  rule: Rule,
): Promise<{ times: number; words: string } | undefined> {
  const fleet = await environment.of(Fleet).read(['breakers'])
  if (fleet.status === 'down') return
  const instances = breakersOf(fleet.data).filter(
    instance =>
      instance.breaker === breaker &&
      (scope.kind !== 'service' || instance.service === scope.service) &&
      (scope.kind !== 'process' || instance.process === scope.process),
  )
  const to = Date.now()
  const services = [...new Set(instances.map(({ service }) => service))]
  const halfOpenAfterMs = instances[0]?.halfOpenAfterMs ?? 0
  const replayed = await replayMeasured(environment, { breaker, services, rule, halfOpenAfterMs, from: to - HOUR, to })
  if (replayed.status === 'down' || replayed.data.every(({ measured }) => measured === 0)) return
  const opened = replayed.data.filter(({ openings }) => openings.length > 0)
  if (opened.length === 0) return { times: 0, words: 'By the figures of the last hour it would not have opened.' }
  const each = opened.map(({ service, openings }) => `${counted(openings.length, 'time')} in ${service}`)
  const times = opened.reduce((sum, { openings }) => sum + openings.length, 0)
  return { times, words: `By the figures of the last hour it would have opened ${each.join(', ')}.` }
}
