import type { ChartUnit } from '@/components/charts/chart-series'

const MINUTE = 60
const HOUR = 3_600

/** Lengths that a clock shows as round, in seconds, from one second on. */
const CLOCK_STEPS = [1, 2, 5, 10, 15, 30, MINUTE, 120, 300, 600, 900, 1_800, HOUR, 7_200, 18_000, 36_000]

/** The narrowest round step of which at most `most` cover the value; 0 has a step too. */
export function roundStep(value: number, unit: ChartUnit, most: number): number {
  const least = value / most
  if (!(value > 0)) return unit === 'bytes' ? 1_024 : unit === 'seconds' ? 0.001 : 1
  if (unit === 'bytes') return 2 ** Math.max(0, Math.ceil(Math.log2(least) - 1e-9))
  if (unit === 'seconds' && least > 0.5) return CLOCK_STEPS.find(step => step >= least) ?? step125(least / HOUR) * HOUR
  return step125(least)
}

/** 1, 2 or 5 times a power of ten, the smallest that is not less. */
function step125(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  const factor = [1, 2, 5, 10].find(candidate => candidate * power >= least * (1 - 1e-9)) ?? 10
  return exact(factor * power)
}

/** Zero and round steps from it, up to the first that is not below `top`, and down to the first that is not above `least`. */
export function linearTicks(top: number, unit: ChartUnit, { least = 0, most = 4 } = {}): number[] {
  const step = roundStep(top - Math.min(0, least), unit, most)
  const above = Math.max(least < 0 ? 0 : 1, Math.ceil(top / step - 1e-9))
  const below = Math.max(0, Math.ceil(-least / step - 1e-9))
  return Array.from({ length: below + above + 1 }, (_, index) => exact((index - below) * step))
}

/** Of the length of an axis. */
const NEAR_END = 0.1

/** Round values of a logarithmic axis: its ends, and between them every 1, 2 and 5, or powers alone where those were too many. */
export function logTicks(least: number, top: number, unit: ChartUnit, most = 5): number[] {
  const base = unit === 'bytes' ? 2 : 10
  const factors = unit === 'bytes' ? [1] : [1, 2, 5]
  const first = Math.floor(logOf(least, base))
  const last = Math.ceil(logOf(top, base))
  const fine: number[] = []
  for (let power = first; power <= last; power++) for (const factor of factors) fine.push(exact(factor * base ** power))
  const lowest = fine.findLast(value => value <= least * (1 + 1e-9)) ?? (fine[0] as number)
  const highest = fine.find(value => value >= top * (1 - 1e-9)) ?? (fine.at(-1) as number)
  const within = fine.filter(value => value >= lowest && value <= highest)
  if (within.length <= most + 1) return within.length > 1 ? within : [lowest, exact(lowest * base)]
  const powers = within.filter(value => Math.abs(logOf(value, base) - Math.round(logOf(value, base))) < 1e-9)
  const every = Math.ceil(powers.length / most)
  // Next to an end there is no room for its words.
  const room = Math.log(highest / lowest) * NEAR_END
  const free = (value: number) => Math.log(value / lowest) > room && Math.log(highest / value) > room
  const kept = powers.filter((value, index) => index % every === 0 && free(value))
  return [...new Set([lowest, ...kept, highest])]
}

function logOf(value: number, base: number): number {
  return Math.log10(value) / Math.log10(base)
}

/** Without the dust of binary fractions: 0.30000000000000004 is 0.3. */
function exact(value: number): number {
  return Number(value.toPrecision(12))
}
