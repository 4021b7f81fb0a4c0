import type { RunItem } from './schedule-item.ts'

/** Each run once: as known by a process that knows how it ended. */
export function addRun(byId: Map<string, RunItem>, run: RunItem): void {
  if (!byId.get(run.id)?.outcome) byId.set(run.id, run)
}

export function newestFirst(byId: ReadonlyMap<string, RunItem>): RunItem[] {
  return [...byId.values()].sort((a, b) => b.dueAt - a.dueAt || b.attempt - a.attempt)
}
