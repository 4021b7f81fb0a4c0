import type { FleetProcess, ProcessState } from './port.ts'

export function countStates(processes: FleetProcess[]): Record<ProcessState, number> {
  const counts: Record<ProcessState, number> = { up: 0, late: 0, lost: 0, left: 0, replaced: 0 }
  for (const { state } of processes) counts[state]++
  return counts
}
