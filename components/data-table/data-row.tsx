'use client'

import { memo, type ReactNode, type Ref } from 'react'
import { type DataColumn, visibilityOf } from '@/components/data-table/data-column'
import { AppLink } from '@/components/ui/app-link'
import { cn } from '@/components/ui/cn'

interface DataRowProps<T> {
  row: T
  index: number
  columns: readonly DataColumn<T>[]
  href?: string
  /** Its details are open. */
  current: boolean
  secondary?: (row: T) => ReactNode
  measure?: Ref<HTMLTableRowElement>
}

function Row<T>({ row, index, columns, href, current, secondary, measure }: DataRowProps<T>) {
  return (
    <tr
      ref={measure}
      data-index={index}
      data-current={current || undefined}
      aria-rowindex={index + 2}
      tabIndex={href ? undefined : -1}
      className={cn(
        'group/row relative border-b border-line last:border-0 focus-visible:outline-2 focus-visible:-outline-offset-2 has-[[data-row-link]:focus-visible]:outline-2 has-[[data-row-link]:focus-visible]:-outline-offset-2 has-[[data-row-link]:focus-visible]:outline-accent',
        current ? 'bg-accent-soft' : href && 'hover:bg-sunk',
      )}
    >
      {columns.map((column, place) => (
        <td
          key={column.id}
          className={cn(
            'h-(--row) px-3 py-1 align-middle first:pl-3.5 last:pr-3.5',
            column.align === 'end' ? 'text-right whitespace-nowrap tabular-nums' : 'overflow-hidden',
            visibilityOf(column),
          )}
        >
          {place === 0 && href ? (
            // The link's box covers the row, so that a click anywhere opens it; what has its own press is above it (z-1).
            <AppLink
              href={href}
              scroll={false}
              data-row-link
              aria-current={current ? 'true' : undefined}
              className="block min-w-0 outline-none after:absolute after:inset-0"
            >
              {column.cell(row)}
            </AppLink>
          ) : (
            column.cell(row)
          )}
          {place === 0 && secondary ? (
            <div className="mt-0.5 text-sm text-muted wide:hidden">{secondary(row)}</div>
          ) : null}
        </td>
      ))}
    </tr>
  )
}

/** One row. Memoised: a refresh renders only the rows whose data are new objects. */
export const DataRow = memo(Row) as typeof Row
