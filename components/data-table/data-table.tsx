'use client'

import { type ReactNode, useRef } from 'react'
import type { DataColumn, Sort } from '@/components/data-table/data-column'
import { DataHeader } from '@/components/data-table/data-header'
import { DataRow } from '@/components/data-table/data-row'
import { HeldRows } from '@/components/data-table/held-rows'
import { useRowKeys } from '@/components/data-table/row-keys'
import { useSortedRows } from '@/components/data-table/sorted-rows'
import { useVisibleRows } from '@/components/data-table/visible-rows'
import { cn } from '@/components/ui/cn'

export interface DataTableProps<T> {
  /** Names the table: "Breakers in production". */
  label: string
  rows: readonly T[]
  /** Stable over refreshes: focus, marks and place hang on it. */
  rowKey: (row: T) => string
  /** Keep it outside the component or memoised. */
  columns: readonly DataColumn<T>[]
  /** Where a row's details are: usually this page with one more search parameter, which opens a side sheet. */
  rowHref?: (row: T) => string
  /** The key of the row whose details are open. */
  currentKey?: string
  /** On a phone, below the first cell: what the hidden columns would have said. */
  secondary?: (row: T) => ReactNode
  sort?: Sort
  onSortChange?: (sort: Sort) => void
  /** Keys of marked rows. Given together with the callback, rows can be marked. */
  marked?: ReadonlySet<string>
  onMarkedChange?: (marked: ReadonlySet<string>) => void
  /** Rows that have come since and wait, so that nothing jumps under the pointer. */
  held?: { count: number; onShow: () => void }
  /** Shown instead of rows when there are none. Never for a part that is down. */
  empty?: ReactNode
  /** Nearer to the truth than the default for rows of two lines; they are measured in any case. */
  rowHeight?: number
  className?: string
}

/** A table of the console: sorts, marks, opens, moves by keyboard, and stays quick with thousands of rows. Scrolls with the window. */
export function DataTable<T extends object>(props: DataTableProps<T>) {
  const { label, rows, rowKey, columns, rowHref, currentKey, secondary, sort, onSortChange, marked, onMarkedChange } =
    props
  const table = useRef<HTMLTableElement>(null)
  const sorted = useSortedRows({ rows, rowKey, columns, sort })
  const visible = useVisibleRows({
    count: sorted.length,
    rowHeight: props.rowHeight ?? 33,
    keyOf: index => sorted[index]?.id ?? String(index),
    table,
  })

  const canMark = marked !== undefined && onMarkedChange !== undefined
  const mark = (key: string, on: boolean) => {
    if (canMark) onMarkedChange(withMark(marked, key, on))
  }
  useRowKeys({
    table,
    count: sorted.length,
    scrollTo: visible.scrollTo,
    onMark: canMark
      ? index => {
          const key = sorted[index]?.id
          if (key !== undefined) mark(key, !marked.has(key))
        }
      : undefined,
  })

  if (rows.length === 0 && props.empty !== undefined) return <>{props.empty}</>
  return (
    <div className={cn('min-w-0', props.className)}>
      {props.held ? <HeldRows count={props.held.count} onShow={props.held.onShow} /> : null}
      <table
        ref={table}
        data-rows
        aria-label={label}
        aria-rowcount={sorted.length + 1}
        className="w-full table-fixed border-collapse text-md"
      >
        <DataHeader
          columns={columns}
          sort={sort}
          onSortChange={onSortChange}
          marked={canMark ? markOfAll(marked, sorted.length) : undefined}
          onMarkAll={on => onMarkedChange?.(new Set(on ? sorted.map(row => row.id) : []))}
        />
        <tbody>
          <Gap height={visible.before} />
          {visible.indexes.map(index => {
            const row = sorted[index]
            if (!row) return null
            return (
              <DataRow
                key={row.id}
                row={row.original}
                rowId={row.id}
                index={index}
                columns={columns}
                href={rowHref?.(row.original)}
                current={row.id === currentKey}
                marked={canMark ? marked.has(row.id) : undefined}
                onMark={mark}
                secondary={secondary}
                measure={visible.measure}
              />
            )
          })}
          <Gap height={visible.after} />
        </tbody>
      </table>
    </div>
  )
}

/** The room of the rows that are not in the document. */
function Gap({ height }: { height: number }) {
  if (height === 0) return null
  return (
    <tr aria-hidden>
      <td style={{ height, padding: 0 }} />
    </tr>
  )
}

function withMark(marked: ReadonlySet<string>, key: string, on: boolean): ReadonlySet<string> {
  const next = new Set(marked)
  if (on) next.add(key)
  else next.delete(key)
  return next
}

function markOfAll(marked: ReadonlySet<string>, count: number): boolean | 'indeterminate' {
  if (marked.size === 0) return false
  return marked.size >= count ? true : 'indeterminate'
}
