import { familyOf, MOST_PROCESSES, PROCESS_FAMILIES } from './names.ts'
import type { SeriesKind } from './port.ts'
import { STEP } from './steps.ts'

/** One figure of one step, added up so far. */
export interface Cell {
  step: number
  service: string
  series: string
  kind: SeriesKind
  value: number
  spread?: number[]
}

/** How many steps can still be added to: a late reading covers a minute at most. */
const OPEN_STEPS = 12
/** The most series of one service and in total. Vitals and breakers come first, so that a flood of labels cannot push them out. */
const MOST_OF_A_SERVICE = 800
const MOST = 8_000
/** Of those, the most that are split by process: a service of hundreds of them keeps its metrics. */
const MOST_SPLIT = MOST_PROCESSES * PROCESS_FAMILIES.size
/** A series without a value for this long makes room for another (ms). */
const FORGOTTEN_AFTER = 3_600_000
const LONGEST_NAME = 500

/** Adds up what processes report for each step, and lists the cells that have changed since they were last written. */
export function cells() {
  const open = new Map<number, Map<string, Cell>>()
  const changed = new Set<Cell>()
  const admitted = new Map<string, { service: string; split: boolean; at: number }>()
  const perService = new Map<string, number>()
  const splitPerService = new Map<string, number>()
  const refused = new Set<string>()

  function cell(step: number, service: string, series: string, kind: SeriesKind): Cell | undefined {
    const key = `${service}\n${series}`
    if (!admit(key, service, series)) return
    let row = open.get(step)
    if (!row) {
      row = new Map()
      open.set(step, row)
    }
    let found = row.get(key)
    if (!found) {
      found = { step, service, series, kind, value: 0 }
      row.set(key, found)
    }
    changed.add(found)
    return found
  }

  function admit(key: string, service: string, series: string): boolean {
    const known = admitted.get(key)
    const mine = perService.get(service) ?? 0
    const split = known?.split ?? PROCESS_FAMILIES.has(familyOf(series))
    const mySplits = splitPerService.get(service) ?? 0
    // Left out on purpose, so not counted as refused.
    if (!known && split && mySplits >= MOST_SPLIT) return false
    if (!known && (series.length > LONGEST_NAME || admitted.size >= MOST || mine >= MOST_OF_A_SERVICE)) {
      if (refused.size < MOST) refused.add(key)
      return false
    }
    if (!known) perService.set(service, mine + 1)
    if (!known && split) splitPerService.set(service, mySplits + 1)
    admitted.set(key, { service, split, at: performance.now() })
    return true
  }

  return {
    /** How many series there was no room for. */
    get refused() {
      return refused.size
    },
    /** Adds an increase within a step; kept as a rate per second. */
    increase(step: number, service: string, series: string, amount: number, buckets?: readonly number[]) {
      const found = cell(step, service, series, buckets ? 'spread' : 'rate')
      if (!found) return
      found.value += amount / (STEP / 1000)
      if (buckets) found.spread = buckets.map((count, index) => count + (found.spread?.[index] ?? 0))
    },
    /** Records a measurement; the later of two in a step counts. */
    measure(
      step: number,
      service: string,
      series: string,
      kind: SeriesKind,
      value: number,
      spread?: readonly number[],
    ) {
      const found = cell(step, service, series, kind)
      if (found) Object.assign(found, { value, ...(spread ? { spread: [...spread] } : {}) })
    },
    /** The changed cells; they count as written only when `written` is called. */
    pending: (): Cell[] => [...changed],
    written(step: number) {
      changed.clear()
      for (const known of open.keys()) if (known < step - OPEN_STEPS) open.delete(known)
      const now = performance.now()
      for (const [key, { service, split, at }] of admitted) {
        if (now - at < FORGOTTEN_AFTER) continue
        admitted.delete(key)
        perService.set(service, (perService.get(service) ?? 1) - 1)
        if (split) splitPerService.set(service, (splitPerService.get(service) ?? 1) - 1)
      }
    },
    clear() {
      open.clear()
      changed.clear()
      admitted.clear()
      perService.clear()
      splitPerService.clear()
      refused.clear()
    },
  }
}
