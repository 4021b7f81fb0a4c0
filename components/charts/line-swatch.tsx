import type { ChartLine } from '@/components/charts/chart-series'
import { lineStyle } from '@/components/charts/palette'

/** A piece of the line, with its hue and dash, beside its name. */
export function LineSwatch({ line }: { line: Pick<ChartLine, 'hue' | 'bad'> }) {
  const { stroke, dash } = lineStyle(line)
  return (
    <svg aria-hidden viewBox="0 0 22 4" className="h-1 w-5.5 shrink-0">
      <path d="M0 2H22" stroke={stroke} strokeWidth="2" strokeDasharray={dash} />
    </svg>
  )
}
