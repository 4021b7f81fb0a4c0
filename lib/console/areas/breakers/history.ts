import { byText } from '../../../core/text-order.ts'
import type { StoredEvent } from '../../fleet/port.ts'
import type { Mark } from '../../series/marks.ts'
import type { BreakerInstance, ShownState } from './collect.ts'

export interface StateSpan {
  from: number
  to: number
  state: ShownState
}

/** The effective states of one process' breaker over a stretch of time. */
export interface StateLane {
  instance: string
  service: string
  spans: StateSpan[]
}

export interface History {
  from: number
  to: number
  /** Processes whose breaker changed its state in that time, those that were open longest first. */
  lanes: StateLane[]
  /** How many more changed than are drawn. */
  moreLanes: number
  /** Living processes whose breaker did not change. */
  unchanged: { count: number; states: ShownState[] }
  /** Deploys of its services, and acts on this breaker. */
  marks: Pick<Mark, 'id' | 'kind' | 'at' | 'text' | 'tone'>[]
}

const MOST_LANES = 8
const STATES: readonly string[] = ['open', 'half-open', 'closed']

/** State spans from transitions: what was before the first one is its `from`, what is after the last one its `to`. */
export function historyOf(
  name: string,
  instances: readonly BreakerInstance[],
  events: readonly (Omit<StoredEvent, 'v'> & { at: number })[],
  marks: readonly Mark[],
  { from, to }: { from: number; to: number },
): History {
  const living = new Set(instances.flatMap(({ process, effective }) => (effective === 'unknown' ? [] : [process])))
  const mine = events.filter(({ data, at }) => data.breaker === name && at >= from && at < to)
  const lanes = [...Map.groupBy(mine, ({ process }) => process).values()]
    .map(
      (list): StateLane =>
        laneOf(
          list.toSorted((a, b) => a.at - b.at),
          { from, to },
          living.has(list[0]?.process ?? ''),
        ),
    )
    .sort((a, b) => openFor(b) - openFor(a) || byText(a.instance, b.instance))
  const changed = new Set(mine.map(({ process }) => process))
  const unchanged = instances.filter(({ process }) => !changed.has(process))
  const services = new Set(instances.map(({ service }) => service))
  // `mail` is not named by an act on `mail-provider` or `cache:mail`.
  const isNamed = new RegExp(`(?<![\\w.:-])${RegExp.escape(name)}(?![.:]?[\\w-])`)
  return {
    from,
    to,
    lanes: lanes.slice(0, MOST_LANES),
    moreLanes: Math.max(0, lanes.length - MOST_LANES),
    unchanged: { count: unchanged.length, states: [...new Set(unchanged.map(({ effective }) => effective))] },
    marks: marks
      .filter(mark => (mark.kind === 'deploy' ? isOf(mark, services) : mark.kind === 'act' && isNamed.test(mark.text)))
      .map(({ id, kind, at, text, tone }) => ({ id, kind, at, text, tone })),
  }
}

const isOf = ({ text }: Mark, services: ReadonlySet<string>) =>
  [...services].some(service => text.startsWith(`${service} `))

/** After its last change the state of a process that is gone is not known, since it is not recorded here when it went. */
function laneOf(
  list: readonly (Omit<StoredEvent, 'v'> & { at: number })[],
  { from, to }: { from: number; to: number },
  isLiving: boolean,
): StateLane {
  const spans: StateSpan[] = []
  const first = list[0]
  let state = stateOf(first?.data.from)
  let since = from
  for (const { at, data } of list) {
    const next = stateOf(data.to)
    if (next === state) continue
    if (at > since) spans.push({ from: since, to: at, state })
    state = next
    since = at
  }
  spans.push({ from: since, to, state: isLiving ? state : 'unknown' })
  return { instance: first?.instance ?? '', service: first?.service ?? '', spans }
}

const stateOf = (value: unknown): ShownState =>
  typeof value === 'string' && STATES.includes(value) ? (value as ShownState) : 'unknown'

const openFor = ({ spans }: StateLane) =>
  spans.reduce((sum, span) => sum + (span.state === 'open' ? span.to - span.from : 0), 0)
