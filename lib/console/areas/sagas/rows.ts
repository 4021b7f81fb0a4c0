import { byText } from '../../../core/text-order.ts'
import { toConsoleTime } from '../../fleet/clocks.ts'
import { itemsOf } from '../../fleet/details.ts'
import { isLiving } from '../../fleet/living.ts'
import type { FleetProcess, FleetSnapshot } from '../../fleet/port.ts'
import { redactedText } from '../../platform/redact.ts'
import { SagaItem, type SagaRunItem } from './saga-item.ts'

/** What is due waits no longer than a second for a process that works (ms). */
const UNATTENDED_AFTER = 60_000

/**
 * `unattended`: what is due is taken by no process. `failed`: at least one waits for a person. `unknown`: its store does not answer. `compensating`
 * and `running`: some are; `idle`: none is.
 */
export type SagaKindState = 'failed' | 'unattended' | 'unknown' | 'compensating' | 'running' | 'idle'

export interface SagaCounts {
  running: number
  compensating: number
  failed: number
  /** Of the last 24 hours. */
  completed: number
  compensated: number
}

/** A saga of a service. */
export interface SagaRow {
  /** In addresses. */
  id: string
  name: string
  service: string
  state: SagaKindState
  /** All its processes share what is kept in Postgres; else each has its own. */
  shared: boolean
  steps: SagaItem['steps']
  /** Absent while they are not known. */
  counts?: SagaCounts
  /** Since when something is due that no process has taken. */
  waitingSince?: number
  unknownBecause?: string
  /** The newest that wait for a person. */
  failed: SagaRunItem[]
  processes: { id: string; instance: string; alive: boolean; works: boolean }[]
  owner?: string
  runbook?: string
}

interface Held {
  process: FleetProcess
  item: SagaItem
}

/** The sagas that processes report, one for each service. Those of processes that were stopped are left out, those of lost ones are not. */
export function sagaRows(snapshot: FleetSnapshot, now: number): { rows: SagaRow[]; omitted: number } {
  const held: Held[] = []
  let omitted = 0
  for (const process of snapshot.processes) {
    if (process.state === 'left' || process.state === 'replaced') continue
    const reported = itemsOf(process, 'sagas', SagaItem)
    if (!reported) continue
    omitted += reported.omitted + reported.malformed
    const time = (at: number) => toConsoleTime(at, process, snapshot)
    held.push(...reported.items.map(item => ({ process, item: inConsoleTime(item, time) })))
  }
  const groups = Map.groupBy(held, ({ process, item }) => `${process.service}/${item.name}`)
  const rows = [...groups].map(([id, members]) => rowOf(id, members, now))
  return { rows: rows.sort((a, b) => byText(a.name, b.name)), omitted }
}

function rowOf(id: string, members: Held[], now: number): SagaRow {
  const living = members.filter(({ process }) => isLiving(process))
  const current = living.length > 0 ? living : members
  // What all share, the process knows best that looked last.
  const newest = current.reduce((a, b) => ((b.item.at ?? 0) > (a.item.at ?? 0) ? b : a))
  const { name, shared, steps, unknownBecause } = newest.item
  const telling = shared ? [newest] : current
  const silent =
    living.length === 0 ? 'None of its processes is running: these are the last figures they reported' : undefined
  const counts = sumOf(telling)
  const waiting = telling.flatMap(({ item }) => item.counts?.waitingSince ?? [])
  const waitingSince = waiting.length > 0 ? Math.min(...waiting) : undefined
  const owner = newest.process.identity
  const row: Omit<SagaRow, 'state'> = {
    id,
    name,
    service: newest.process.service,
    shared,
    steps,
    ...(counts ? { counts } : {}),
    ...(waitingSince === undefined ? {} : { waitingSince }),
    ...((silent ?? unknownBecause) === undefined ? {} : { unknownBecause: silent ?? unknownBecause }),
    failed: telling.flatMap(({ item }) => item.failed).sort((a, b) => b.startedAt - a.startedAt),
    processes: members.map(({ process, item }) => ({
      id: process.id,
      instance: process.instance,
      alive: isLiving(process),
      works: item.works,
    })),
    ...(owner?.owner === undefined ? {} : { owner: owner.owner }),
    ...(owner?.runbook === undefined ? {} : { runbook: owner.runbook }),
  }
  return { ...row, state: stateOf(row, now) }
}

function sumOf(members: readonly Held[]): SagaCounts | undefined {
  const known = members.flatMap(({ item }) => item.counts ?? [])
  const looked = members.filter(({ item }) => item.at !== undefined)
  // Looked at, and none was ever started: that is zero.
  if (looked.length === 0) return undefined
  const sum = (of: keyof SagaCounts) => known.reduce((total, counts) => total + counts[of], 0)
  return {
    running: sum('running'),
    compensating: sum('compensating'),
    failed: sum('failed'),
    completed: sum('completed'),
    compensated: sum('compensated'),
  }
}

/** Something is due that no process takes, or under way with no process left. */
export function isUnattended(
  { counts, waitingSince, processes }: Pick<SagaRow, 'counts' | 'waitingSince' | 'processes'>,
  now: number,
): boolean {
  if (waitingSince !== undefined && now - waitingSince > UNATTENDED_AFTER) return true
  return counts !== undefined && counts.running + counts.compensating > 0 && !processes.some(({ alive }) => alive)
}

function stateOf(row: Omit<SagaRow, 'state'>, now: number): SagaKindState {
  const { counts, unknownBecause } = row
  if (isUnattended(row, now)) return 'unattended'
  if (counts && counts.failed > 0) return 'failed'
  if (!counts || unknownBecause !== undefined) return 'unknown'
  if (counts.compensating > 0) return 'compensating'
  return counts.running > 0 ? 'running' : 'idle'
}

function inConsoleTime(item: SagaItem, time: (at: number) => number): SagaItem {
  const { at, counts } = item
  return {
    ...item,
    ...(at === undefined ? {} : { at: time(at) }),
    ...(counts?.waitingSince === undefined ? {} : { counts: { ...counts, waitingSince: time(counts.waitingSince) } }),
    failed: item.failed.map(run => shownRun(run, time)),
  }
}

/** On the console's clock, and without what looks secret: anyone who may see sagas sees it. */
export function shownRun(run: SagaRunItem, time: (at: number) => number): SagaRunItem {
  const turned = <T extends object>(of: T, ...fields: (keyof T)[]): T => {
    const result = { ...of }
    for (const field of fields) if (typeof of[field] === 'number') result[field] = time(of[field]) as T[keyof T]
    return result
  }
  return {
    ...turned(run, 'startedAt', 'endedAt', 'nextAt'),
    ...(run.key === undefined ? {} : { key: redactedText(run.key) }),
    steps: run.steps.map(step => ({
      ...turned(step, 'startedAt', 'endedAt'),
      ...(step.error === undefined ? {} : { error: redactedText(step.error) }),
    })),
    ...(run.error ? { error: { ...turned(run.error, 'at'), message: redactedText(run.error.message) } } : {}),
    acts: run.acts.map(act => turned(act, 'at')),
    ...(run.asked ? { asked: turned(run.asked, 'at') } : {}),
  }
}
