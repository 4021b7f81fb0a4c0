import { byText } from '../../../core/text-order.ts'
import type { Timings } from '../../../infrastructure/scheduler/index.ts'
import { toConsoleTime } from '../../fleet/clocks.ts'
import { itemsOf } from '../../fleet/details.ts'
import { isLiving } from '../../fleet/living.ts'
import type { FleetProcess, FleetSnapshot } from '../../fleet/port.ts'
import { addRun, machineOf, newestFirst, runOfFleet, withInstances } from './merged-runs.ts'
import { type ScheduleRow, stateOf } from './row.ts'
import { type RunItem, ScheduleItem } from './schedule-item.ts'
import { timingWords } from './timing.ts'

interface Held {
  process: FleetProcess
  item: ScheduleItem
}

/** The schedules that processes report, one for each service. Those of processes that were stopped are left out, those of lost ones are not. */
export function ownRows(timings: Timings, snapshot: FleetSnapshot, now: number): ScheduleRow[] {
  const held = snapshot.processes
    .filter(({ state }) => state !== 'left' && state !== 'replaced')
    .flatMap((process): Held[] =>
      (itemsOf(process, 'schedules', ScheduleItem)?.items ?? []).map(item => ({
        process,
        item: toTime(item, at => toConsoleTime(at, process, snapshot)),
      })),
    )
  const groups = Map.groupBy(held, ({ process, item }) => `${process.service}/${item.name}`)
  return [...groups]
    .map(([id, members]) => rowOf(timings, `own/${id}`, members, snapshot, now))
    .sort((a, b) => byText(a.name, b.name))
}

function rowOf(timings: Timings, id: string, members: Held[], snapshot: FleetSnapshot, now: number): ScheduleRow {
  const living = members.filter(({ process }) => isLiving(process))
  // Each process reads what they share every ten seconds: the one that noticed a change last is right.
  const { process, item } = (living.length > 0 ? living : members).reduce((a, b) =>
    (b.item.asOf ?? 0) > (a.item.asOf ?? 0) ? b : a,
  )
  const runs = mergedRuns(members, snapshot)
  const machines = new Set(living.map(({ process }) => machineOf(process)))
  const { cron, timeZone, everyMs, at, nextAt, lateAfterMs, jitterMs, timeoutMs, catchUp, overlap, retakes } = item
  const timing = { cron, timeZone, everyMs, at }
  const alive = (run: RunItem) => run.process === undefined || machines.has(run.process)
  const state = stateOf(timings, { ...timing, nextAt, paused: item.paused, runs, alive, lateAfterMs }, now)
  const shown = withInstances(runs, snapshot.processes)
  const last = shown.find(({ startedAt }) => startedAt !== undefined)
  return {
    id,
    name: item.name,
    library: item.adopted ?? 'Substation',
    place: process.service,
    service: process.service,
    ...timing,
    words: timingWords(timing),
    description: item.description,
    owner: item.owner,
    runbook: item.runbook,
    state,
    nextAt,
    last,
    lastAt: last?.startedAt ?? item.lastAt,
    paused: item.paused,
    changed: item.changed && {
      ...item.changed,
      declared: { ...item.changed.declared, words: timingWords(item.changed.declared) },
    },
    runs: shown,
    processes: members.map(({ process: { id, instance, state } }) => ({ id, instance, alive: isLiving({ state }) })),
    shared: item.shared,
    queue: item.queue,
    rules: { jitterMs, timeoutMs, catchUp, overlap, retakes },
  }
}

function mergedRuns(members: readonly Held[], snapshot: FleetSnapshot): RunItem[] {
  const byId = new Map<string, RunItem>()
  for (const { item, process } of members)
    for (const run of item.runs) addRun(byId, runOfFleet(run, { process, snapshot, shared: item.shared }))
  return newestFirst(byId)
}

/** What was measured is brought to the console's clock. When something is due is no measurement: 02:30 is 02:30. */
function toTime(item: ScheduleItem, time: (at: number) => number): ScheduleItem {
  const turned = <T extends object, K extends keyof T>(of: T, ...fields: K[]): T => {
    const result = { ...of }
    for (const field of fields) if (typeof of[field] === 'number') result[field] = time(of[field]) as T[K]
    return result
  }
  return {
    ...turned(item, 'asOf', 'lastAt'),
    ...(item.changed && { changed: turned(item.changed, 'since') }),
    ...(item.paused && { paused: turned(item.paused, 'since', 'until') }),
  }
}
