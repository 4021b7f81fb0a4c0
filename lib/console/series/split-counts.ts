import type { FleetProcess } from '../fleet/port.ts'
import type { Count } from './increases.ts'
import { SERVICE_SERIES, SPLIT_SERIES, type Split, seriesName } from './names.ts'

const FIGURES = ['requests', 'errors', 'duration'] as const

/** The counts of a process, and its requests again by version and by process; last, because everything else has priority where room is short. */
export function splitCounts(
  { identity, instance }: Pick<FleetProcess, 'identity' | 'instance'>,
  counts: ReadonlyMap<string, Count>,
): Map<string, Count> {
  const all = new Map(counts)
  const add = (split: Split, value: string) => {
    for (const figure of FIGURES) {
      const count = counts.get(SERVICE_SERIES[figure])
      if (count) all.set(seriesName(SPLIT_SERIES[split][figure], { [split]: value }), count)
    }
  }
  if (identity?.version) add('version', identity.version)
  add('process', instance)
  return all
}
