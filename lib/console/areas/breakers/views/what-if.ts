import { z } from 'zod'
import { Events, Fleet } from '../../../fleet/resources.ts'
import { ruleWords } from '../../../fleet/rule-words.ts'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import { part } from '../../../platform/part/read-part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { text } from '../../../platform/view/text-filters.ts'
import { breakersOf } from '../collect.ts'
import { Rule } from '../rule.ts'
import { replayMeasured, type WhatIf } from '../what-if.ts'

const HOUR = 3_600_000
const MOST_EVENTS = 2_000

/** Openings of a service's breakers, and in how many processes they were. */
export interface WhatIfOpened {
  times: number
  processes: number
}

export interface WhatIfData {
  /** The rule asked about, in words: `opens when 30 % of the calls within 60 s fail, from 10 calls on`. Absent: what was given is no rule. */
  rule?: string
  /** Why what was given is no rule. */
  wrong?: string
  /** By service; a service without figures is left out. */
  services: Part<WhatIf[]>
  /** How often it really opened in that time, by service. */
  opened: Part<Record<string, WhatIfOpened>>
  hours: number
}

const whole = z.coerce.number().int()

/** What a breaker would have done with other thresholds: the figures of the last hours, replayed. */
export const whatIfView = defineView({
  id: 'breaker-what-if',
  title: 'What if',
  permission: 'breaker:read',
  topics: [],
  filters: z.object({
    name: text(300),
    service: text(300),
    kind: z.enum(['consecutive', 'count', 'sampling']).default('sampling'),
    /** In per cent. */
    threshold: z.coerce.number().gt(0).lt(100).default(50),
    size: whole.min(1).max(100_000).default(100),
    failures: whole.min(1).max(100_000).default(5),
    /** In seconds. */
    within: whole.min(1).max(3_600).default(60),
    calls: whole.min(1).max(100_000).default(10),
    hours: z.coerce
      .number()
      .pipe(z.union([z.literal(1), z.literal(6), z.literal(24), z.literal(48)]))
      .default(1),
  }),
  freshFor: 10_000,
  async read({ environment, outages }, filters): Promise<WhatIfData> {
    const { name, service, hours } = filters
    const to = Date.now()
    const from = to - hours * HOUR
    const rule = Rule.safeParse(toRule(filters))
    const fleet = await environment.of(Fleet).read(['breakers'])
    const instances =
      fleet.status === 'down'
        ? []
        : breakersOf(fleet.data).filter(
            instance => instance.breaker === name && (!service || instance.service === service),
          )
    const services = [...new Set(instances.map(instance => instance.service))].sort()
    const [replayed, events] = await Promise.all([
      rule.success
        ? replayMeasured(environment, {
            breaker: name,
            services,
            rule: rule.data,
            halfOpenAfterMs: instances[0]?.halfOpenAfterMs ?? 0,
            from,
            to,
          })
        : undefined,
      part('Postgres', outages, environment.of(Events).between('breaker.transition', { from, to }, MOST_EVENTS)),
    ])
    return {
      hours,
      ...(rule.success ? { rule: ruleWords(rule.data) } : { wrong: rule.error.issues[0]?.message ?? 'is no rule' }),
      services: fleet.status === 'down' ? fleet : (replayed ?? { status: 'up', data: [], at: to }),
      opened: mapPart(events, list => {
        const openings = list.filter(
          ({ data }) => data.breaker === name && data.to === 'open' && data.cause === 'threshold',
        )
        return Object.fromEntries(
          [...Map.groupBy(openings, ({ service: of }) => of)].map(([of, members]) => [
            of,
            { times: members.length, processes: new Set(members.map(({ process }) => process)).size },
          ]),
        )
      }),
    }
  },
})

function toRule(filters: {
  kind: Rule['kind']
  threshold: number
  size: number
  failures: number
  within: number
  calls: number
}): unknown {
  const { kind, threshold, size, failures, within, calls } = filters
  const share = threshold / 100
  if (kind === 'consecutive') return { kind, failures }
  if (kind === 'count') return { kind, threshold: share, size, minimumCalls: Math.min(calls, size) }
  return { kind, threshold: share, durationMs: within * 1_000, minimumRps: calls / within }
}
