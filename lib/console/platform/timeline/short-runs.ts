import type { TimelineEntry } from './entry.ts'
import { spanWords } from './flapping.ts'

/** A process that ends within this time (ms) was started for one task: a cron job, a serverless call. */
const SHORT = 60_000
/** Runs of a service further apart than this (ms) are separate entries. */
const APART = 10 * 60_000

interface Run {
  service: string
  start: TimelineEntry
  end: TimelineEntry
}

/** Start and end of processes that live for a moment, one entry for all runs of a service that follow each other. */
export function mergeShortRuns(entries: readonly TimelineEntry[]): TimelineEntry[] {
  const runs = shortRuns(entries)
  if (runs.length === 0) return [...entries]
  const merged = new Set(runs.flatMap(({ start, end }) => [start, end]))
  const kept = entries.filter(entry => !merged.has(entry))
  for (const mine of Map.groupBy(runs, ({ service }) => service).values())
    for (const group of groupsOf(mine)) kept.push(entryOf(group))
  return kept.sort((a, b) => a.at - b.at)
}

function shortRuns(entries: readonly TimelineEntry[]): Run[] {
  const started = new Map<string, TimelineEntry>()
  const runs: Run[] = []
  for (const entry of entries) {
    const { lifetime } = entry
    if (lifetime?.phase === 'start') started.set(lifetime.process, entry)
    const start = lifetime?.phase === 'end' ? started.get(lifetime.process) : undefined
    if (start && lifetime && entry.at - start.at < SHORT) runs.push({ service: lifetime.service, start, end: entry })
  }
  return runs
}

function groupsOf(runs: readonly Run[]): Run[][] {
  const groups: Run[][] = []
  for (const run of runs) {
    const current = groups.at(-1)
    const last = current?.at(-1)
    if (current && last && run.start.at - last.end.at < APART) current.push(run)
    else groups.push([run])
  }
  return groups
}

function entryOf(group: readonly Run[]): TimelineEntry {
  const { service, start, end } = group.at(-1) as Run
  const took = spanWords(end.at - start.at)
  const runs = group.length === 1 ? `ran for ${took}` : `ran ${group.length} times, the last for ${took}`
  return { ...end, id: `${end.id}:runs`, text: `${service} ${runs}` }
}
