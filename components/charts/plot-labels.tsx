import { type ChartLine, type ChartTime, shareOf, stepsOf, timeOf } from '@/components/charts/chart-series'
import { withRoom } from '@/components/charts/clusters'
import { gapsOf } from '@/components/charts/gaps'
import type { Outlier } from '@/components/charts/outliers'
import { timeTicks } from '@/components/charts/time-axis'
import type { ValueScale } from '@/components/charts/value-scale'
import { cn } from '@/components/ui/cn'
import { formatClock } from '@/lib/core/time-format'

/** Of the axis: so wide is the word of an outlier on a phone. */
const WORD = 0.32

const percent = (share: number) => `${share * 100}%`

export function ValueLabels({ scale, format }: { scale: ValueScale; format: (value: number) => string }) {
  return scale.ticks.map(value => (
    <span
      key={value}
      className="absolute right-full mr-1.5 translate-y-1/2 whitespace-nowrap text-xs leading-none text-faint tabular-nums"
      style={{ bottom: percent(scale.at(value)) }}
    >
      {format(value)}
    </span>
  ))
}

export function TimeLabels({ time }: { time: ChartTime }) {
  return timeTicks(time).map(({ at, label }) => {
    const share = shareOf(at, time)
    return (
      <span key={at} className="absolute top-full" style={{ left: percent(share) }}>
        <span className="absolute top-0 h-1 w-px bg-line-strong" />
        <span
          className={cn(
            'absolute top-1.5 whitespace-nowrap text-xs leading-none text-faint tabular-nums',
            share > 0.95 ? '-translate-x-full' : share < 0.04 ? '' : '-translate-x-1/2',
          )}
        >
          {label}
        </span>
      </span>
    )
  })
}

/** Below the line where there is no room above. */
export function ThresholdLabels({ scale }: { scale: ValueScale }) {
  return scale.thresholds.map(({ value, label }) => (
    <span
      key={label}
      className={cn(
        'absolute right-0 bg-panel/80 px-1 text-xs leading-4 text-warning',
        scale.at(value) > 0.86 ? 'translate-y-full' : '',
      )}
      style={{ bottom: percent(scale.at(value)) }}
    >
      {label}
    </span>
  ))
}

/** Where nothing was measured: hatched, with words where they fit. The times are said below all charts. */
export function GapLabels({ lines, time }: { lines: readonly ChartLine[]; time: ChartTime }) {
  return gapsOf(lines, time).map(({ from, to }) => (
    <span
      key={from}
      data-gap
      className="@container absolute inset-y-0 grid place-items-center overflow-hidden bg-[repeating-linear-gradient(135deg,var(--line)_0_1.5px,transparent_1.5px_7px)]"
      style={{ left: percent(shareOf(from, time)), width: percent(shareOf(to, time) - shareOf(from, time)) }}
    >
      <span className="bg-panel px-1 text-center text-xs text-muted @max-[46px]:hidden">
        no samples
        <span className="block tabular-nums @max-[112px]:hidden">
          {formatClock(from).slice(0, 5)} – {formatClock(to).slice(0, 5)}
        </span>
      </span>
    </span>
  ))
}

interface OutlierMarksProps {
  lines: readonly ChartLine[]
  time: ChartTime
  scale: ValueScale
  format: (value: number) => string
}

/** What is above the scale: an arrow at the edge, and the true value where there is room; the others say it when they are pointed at. */
export function OutlierMarks({ lines, time, scale, format }: OutlierMarksProps) {
  const count = stepsOf(lines)
  const shareAt = ({ index }: Outlier) => shareOf(timeOf(index, count, time) + time.step / 2, time)
  const shown = scale.outliers.filter(outlier => shareAt(outlier) >= 0 && shareAt(outlier) <= 1)
  const worded = withRoom(shown, { shareOf: shareAt, weightOf: ({ value }) => value, least: WORD })
  return shown.map(outlier => {
    const share = shareAt(outlier)
    return (
      <span key={outlier.index} data-outlier className="absolute bottom-full" style={{ left: percent(share) }}>
        <span className="absolute bottom-0.5 h-0 w-0 -translate-x-1/2 border-x-4 border-b-[6px] border-x-transparent border-b-ink" />
        {worded.has(outlier) ? (
          <span
            className={cn(
              'absolute bottom-0 whitespace-nowrap px-1.5 text-xs leading-3 font-medium text-ink tabular-nums',
              share > 0.6 ? 'right-0' : 'left-0',
            )}
          >
            {format(outlier.value)}
          </span>
        ) : null}
      </span>
    )
  })
}
