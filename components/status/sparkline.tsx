import { robustTop } from '@/components/charts/outliers'
import { cn } from '@/components/ui/cn'

const strokes = {
  accent: 'text-accent',
  bad: 'text-bad',
  warning: 'text-warning',
  muted: 'text-faint',
}
export type SparklineTone = keyof typeof strokes

interface SparklineProps {
  /** Evenly spaced in time; null where nothing was measured, which is drawn as a gap. */
  values: readonly (number | null)[]
  /** What it shows, in words: "Failures, last 5 minutes". */
  label: string
  tone?: SparklineTone
  /** Fixes the scale's top, so that rows can be compared; otherwise the largest value that is no outlier. */
  max?: number
  /** Where something happened, as an index into the values. */
  mark?: number
  /** Its height and width, where the usual ones do not fit. */
  className?: string
}

const WIDTH = 100
const HEIGHT = 24

/** The shape of the recent past, from zero up. No axes: the number is beside it. Nothing measured at all is a dotted line. */
export function Sparkline({ values, label, tone = 'accent', max, mark, className }: SparklineProps) {
  const known = values.filter(value => value !== null)
  const top = max ?? robustTop([{ values }]).top
  const runs = runsOf(values, top)
  const step = WIDTH / Math.max(1, values.length - 1)
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
      className={cn('block overflow-visible', strokes[tone], className ?? 'h-6 w-20')}
    >
      {known.length === 0 ? (
        <line
          x1="0"
          x2={WIDTH}
          y1={HEIGHT - 1}
          y2={HEIGHT - 1}
          strokeWidth="1.2"
          strokeDasharray="1 4"
          strokeLinecap="round"
          vectorEffect="non-scaling-stroke"
          className="stroke-line-strong"
        />
      ) : null}
      {mark === undefined ? null : (
        <line
          x1={round(mark * step)}
          x2={round(mark * step)}
          y1="0"
          y2={HEIGHT}
          strokeWidth="1.2"
          vectorEffect="non-scaling-stroke"
          className="stroke-ink"
        />
      )}
      {runs.map(run => (
        <g key={run.from}>
          <path d={`${run.line}L${run.to} ${HEIGHT}L${run.from} ${HEIGHT}Z`} fill="currentColor" opacity="0.12" />
          <path
            d={run.line}
            fill="none"
            stroke="currentColor"
            strokeWidth="1.4"
            strokeLinejoin="round"
            strokeLinecap="round"
            vectorEffect="non-scaling-stroke"
          />
        </g>
      ))}
    </svg>
  )
}

interface Run {
  from: number
  to: number
  line: string
}

/** The stretches without a gap, each as a path. A lone value becomes a short dash, so that it is seen. */
function runsOf(values: readonly (number | null)[], top: number): Run[] {
  const step = WIDTH / Math.max(1, values.length - 1)
  const runs: Run[] = []
  let current: Run | undefined
  values.forEach((value, index) => {
    if (value === null) {
      current = undefined
      return
    }
    const x = round(index * step)
    const y = round(HEIGHT - 1 - (top > 0 ? Math.min(1, value / top) : 0) * (HEIGHT - 2))
    if (current) {
      current.to = x
      current.line += `L${x} ${y}`
    } else {
      current = { from: x, to: x + 1, line: `M${x} ${y}L${x + 1} ${y}` }
      runs.push(current)
    }
  })
  return runs
}

function round(value: number) {
  return Math.round(value * 10) / 10
}
