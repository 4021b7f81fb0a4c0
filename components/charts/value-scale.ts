import type { ChartLine, ChartThreshold, ChartUnit, ScaleKind } from '@/components/charts/chart-series'
import { type Outlier, outliersOf, robustTop } from '@/components/charts/outliers'
import { linearTicks, logTicks } from '@/components/charts/value-ticks'

export interface ValueScale {
  kind: ScaleKind
  ticks: readonly number[]
  top: number
  /** The place of a value between bottom and top, from 0 to 1; what is beyond is at the edge. */
  at(value: number): number
  /** What is above the top, for a mark of its own. */
  outliers: readonly Outlier[]
  /** Those that are near enough to be drawn; a distant one would press the lines flat. */
  thresholds: readonly ChartThreshold[]
}

interface Given {
  lines: readonly ChartLine[]
  thresholds?: readonly ChartThreshold[]
  unit?: ChartUnit
  kind?: ScaleKind
}

export function valueScale({ lines, thresholds = [], unit = 'number', kind = 'linear' }: Given): ValueScale {
  return kind === 'log' ? logScale(lines, thresholds, unit) : linearScale(lines, thresholds, unit)
}

function linearScale(lines: readonly ChartLine[], thresholds: readonly ChartThreshold[], unit: ChartUnit): ValueScale {
  const robust = robustTop(lines)
  const near = thresholds.filter(({ value }) => robust.top >= value * 0.5)
  const least = Math.min(0, ...lines.flatMap(({ values }) => (values ?? []).map(value => value ?? 0)))
  const ticks = linearTicks(Math.max(robust.top, ...near.map(({ value }) => value * 1.1)), unit, { least })
  const bottom = ticks[0] as number
  const top = ticks.at(-1) as number
  return {
    kind: 'linear',
    ticks,
    top,
    thresholds: near,
    outliers: robust.cut ? outliersOf(lines, top) : [],
    at: value => within((value - bottom) / (top - bottom)),
  }
}

/** Without outliers: that is what it is for. Zero has no logarithm and is at the bottom. */
function logScale(lines: readonly ChartLine[], thresholds: readonly ChartThreshold[], unit: ChartUnit): ValueScale {
  const positive = lines.flatMap(({ values }) =>
    (values ?? []).filter(value => value !== null && value > 0),
  ) as number[]
  if (positive.length === 0) return linearScale(lines, thresholds, unit)
  const most = Math.max(...positive)
  const near = thresholds.filter(({ value }) => most >= value * 0.1)
  const ticks = logTicks(Math.min(...positive), Math.max(most, ...near.map(({ value }) => value)), unit)
  const bottom = ticks[0] as number
  const top = ticks.at(-1) as number
  const length = Math.log(top / bottom)
  return {
    kind: 'log',
    ticks,
    top,
    thresholds: near,
    outliers: [],
    at: value => (value > 0 ? within(Math.log(value / bottom) / length) : 0),
  }
}

function within(share: number): number {
  return Math.min(1, Math.max(0, share))
}
