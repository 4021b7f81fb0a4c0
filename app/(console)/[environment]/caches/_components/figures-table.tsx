'use client'

import { type ReactNode, useState } from 'react'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { formatExact } from '@/lib/core/number-format'

/** More are shown when asked for. */
const FIRST = 10

interface Column {
  header: string
  hint?: string
}

interface FiguresTableProps {
  /** The first one is a name, the others are figures. */
  columns: readonly Column[]
  rows: readonly { key: string; cells: readonly ReactNode[] }[]
  className?: string
}

/** A small table of a sheet: names on the left, figures on the right. */
export function FiguresTable({ columns, rows, className }: FiguresTableProps) {
  const [whole, setWhole] = useState(false)
  const shown = whole ? rows : rows.slice(0, FIRST)
  return (
    <div className={cn('overflow-x-auto px-4', className)}>
      <table className="w-full text-md tabular-nums">
        <thead>
          <tr className="text-sm whitespace-nowrap text-muted">
            {columns.map(({ header, hint }, at) => (
              <th
                key={header}
                title={hint}
                className={cn('py-1 font-normal', at === 0 ? 'text-left' : 'pl-3 text-right')}
              >
                {header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map(({ key, cells }) => (
            <tr key={key} className="border-t border-line">
              {cells.map((cell, at) => (
                <td
                  key={columns[at]?.header}
                  className={at === 0 ? 'w-full max-w-0 py-1 pr-2' : 'py-1 pl-3 text-right whitespace-nowrap'}
                >
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < rows.length ? (
        <Button size="sm" variant="ghost" className="my-1" onClick={() => setWhole(true)}>
          Show {formatExact(rows.length - shown.length)} more
        </Button>
      ) : null}
    </div>
  )
}
