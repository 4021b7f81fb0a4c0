import type { ChartLine, ChartTime } from '@/components/charts/chart-series'
import { timeOf } from '@/components/charts/chart-series'
import { RelativeTime } from '@/components/status/relative-time'
import { Unknown } from '@/components/status/short-number'
import { Table, TableCell, TableHead, TableRow } from '@/components/ui/table'

interface TimeTableProps {
  label: string
  columns: readonly { line: ChartLine; header: string; format: (value: number) => string }[]
  time: ChartTime
}

/** The figures of charts as a table, the newest first: for those who cannot see lines, and for copying. */
export function TimeTable({ label, columns, time }: TimeTableProps) {
  const count = Math.max(0, ...columns.map(({ line }) => line.values?.length ?? 0))
  const steps = Array.from({ length: count }, (_, index) => count - 1 - index)
  return (
    // Positioned, so that what only screen readers read in it does not widen the page.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section aria-label={label} tabIndex={0} className="relative max-h-[70dvh] overflow-auto">
      <Table aria-label={label}>
        <thead>
          <tr>
            <TableHead className="sticky top-0 bg-panel pl-3.5">From</TableHead>
            {columns.map(({ line, header }) => (
              <TableHead key={line.id} className="sticky top-0 bg-panel pr-3.5 text-right whitespace-nowrap">
                {header}
              </TableHead>
            ))}
          </tr>
        </thead>
        <tbody>
          {steps.map(index => (
            <TableRow key={timeOf(index, count, time)}>
              <TableCell className="pl-3.5 whitespace-nowrap">
                <RelativeTime at={timeOf(index, count, time)} as="clock" />
              </TableCell>
              {columns.map(({ line, format }) => {
                const value = line.values?.[index]
                return (
                  <TableCell key={line.id} className="pr-3.5 text-right tabular-nums">
                    {value === null || value === undefined ? <Unknown why="Not measured" /> : format(value)}
                  </TableCell>
                )
              })}
            </TableRow>
          ))}
        </tbody>
      </Table>
    </section>
  )
}
