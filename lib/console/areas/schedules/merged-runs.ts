import { toConsoleTime } from '../../fleet/clocks.ts'
import type { FleetProcess, FleetSnapshot } from '../../fleet/port.ts'
import type { RunItem } from './schedule-item.ts'

interface Source {
  process: FleetProcess
  snapshot: FleetSnapshot
  /** Its processes share its runs; otherwise those of each are its own. */
  shared: boolean
}

/** A run that a process reports. What was measured is brought to the console's clock. When it was due is no measurement: 02:30 is 02:30. */
export function runOfFleet(
  { id, startedAt, endedAt, ...run }: RunItem,
  { process, snapshot, shared }: Source,
): RunItem {
  const time = (at: number) => toConsoleTime(at, process, snapshot)
  return {
    ...run,
    id: shared ? id : `${process.id}/${id}`,
    ...(startedAt === undefined ? {} : { startedAt: time(startedAt) }),
    ...(endedAt === undefined ? {} : { endedAt: time(endedAt) }),
  }
}

/** Each run once: as known by a process that knows how it ended. */
export function addRun(byId: Map<string, RunItem>, run: RunItem): void {
  if (!byId.get(run.id)?.outcome) byId.set(run.id, run)
}

export function newestFirst(byId: ReadonlyMap<string, RunItem>): RunItem[] {
  return [...byId.values()].sort((a, b) => b.dueAt - a.dueAt || b.attempt - a.attempt)
}

/** Host and pid, as runs name their process. */
export const machineOf = ({ identity }: Pick<FleetProcess, 'identity'>) => `${identity?.host} ${identity?.pid}`

/** Runs with the instance in place of host and pid, where the fleet knows it. */
export function withInstances(runs: readonly RunItem[], processes: readonly FleetProcess[]): RunItem[] {
  const instances = new Map(processes.map(process => [machineOf(process), process.instance]))
  return runs.map(run => {
    const instance = run.process === undefined ? undefined : instances.get(run.process)
    return instance === undefined ? run : { ...run, process: instance }
  })
}
