import { type ChartLine, type ChartTime, shareOf, stepsOf, timeOf } from '@/components/charts/chart-series'
import { aboveZero, linePaths, SIZE } from '@/components/charts/line-path'
import { BAD_STROKE, lineStyle } from '@/components/charts/palette'
import type { ValueScale } from '@/components/charts/value-scale'

interface PlotLinesProps {
  lines: readonly ChartLine[]
  time: ChartTime
  scale: ValueScale
}

/** Grid, thresholds and lines, in a square that is stretched to the chart; the widths of lines are not. */
export function PlotLines({ lines, time, scale }: PlotLinesProps) {
  const count = stepsOf(lines)
  const place = { x: (index: number) => shareOf(timeOf(index, count, time), time), y: scale.at }
  const height = (value: number) => SIZE - scale.at(value) * SIZE
  return (
    <svg
      aria-hidden
      data-drawn
      viewBox={`0 0 ${SIZE} ${SIZE}`}
      preserveAspectRatio="none"
      className="absolute inset-0 size-full overflow-hidden [&_path]:[vector-effect:non-scaling-stroke]"
    >
      <path d={scale.ticks.map(value => `M0 ${height(value)}H${SIZE}`).join('')} stroke="var(--line)" />
      <path
        d={scale.thresholds.map(({ value }) => `M0 ${height(value)}H${SIZE}`).join('')}
        stroke="var(--warning)"
        strokeDasharray="4 3"
      />
      {lines.map(line => (
        // An area says how much it is of the whole, which a logarithm does not.
        <Line key={line.id} line={line} filled={lines.length === 1 && scale.kind === 'linear'} place={place} />
      ))}
    </svg>
  )
}

function Line({ line, filled, place }: { line: ChartLine; filled: boolean; place: Parameters<typeof linePaths>[1] }) {
  const { stroke, dash } = lineStyle(line)
  return (
    <g fill="none" strokeWidth={1.5} strokeLinejoin="round">
      {linePaths(line.values ?? [], place).map(path => (
        <g key={path.line}>
          {filled && !line.bad ? <path d={path.area} fill={stroke} fillOpacity={0.1} /> : null}
          <path d={path.line} stroke={stroke} strokeDasharray={dash} />
        </g>
      ))}
      {line.bad
        ? linePaths(aboveZero(line.values ?? []), place).map(path => (
            <g key={path.line}>
              {filled ? <path d={path.area} fill={BAD_STROKE} fillOpacity={0.12} /> : null}
              <path d={path.line} stroke={BAD_STROKE} />
            </g>
          ))
        : null}
    </g>
  )
}
