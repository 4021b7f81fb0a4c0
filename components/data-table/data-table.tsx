'use client'

import dynamic from 'next/dynamic'
import { type ReactNode, type Ref, useRef } from 'react'
import type { DataColumn, Sort } from '@/components/data-table/data-column'
import { DataHeader } from '@/components/data-table/data-header'
import { DataRow } from '@/components/data-table/data-row'
import { HeldRows } from '@/components/data-table/held-rows'
import { useRowKeys } from '@/components/data-table/row-keys'
import { cn } from '@/components/ui/cn'

/** Above this many rows only those near the window are in the document, and the code for that is loaded. */
const VIRTUAL_ABOVE = 60
const VirtualRows = dynamic(() => import('@/components/data-table/virtual-rows').then(module => module.VirtualRows))

export interface DataTableProps<T> {
  /** Names the table: "Breakers in production". */
  label: string
  /** In the order of `sort`. */
  rows: readonly T[]
  /** Stable over refreshes: focus and place hang on it. */
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
  /** Rows that have come since and wait, so that nothing jumps under the pointer. */
  held?: { count: number; onShow: () => void }
  /** Shown instead of rows when there are none. Never for a part that is down. */
  empty?: ReactNode
  className?: string
}

/** A table of the console: asks for an order, opens, moves by keyboard, and stays quick with thousands of rows. Scrolls with the window. */
export function DataTable<T extends object>(props: DataTableProps<T>) {
  'use memo'
  const { label, rows, rowKey, columns, rowHref, currentKey, secondary, sort, onSortChange } = props
  const table = useRef<HTMLTableElement>(null)
  // Rows of a short table are all there: nothing to scroll to.
  const scroller = useRef<(index: number) => void>(() => {})

  useRowKeys({ list: table, count: rows.length, scrollTo: index => scroller.current(index) })

  const row = (index: number, measure?: Ref<HTMLTableRowElement>) => {
    const item = rows[index]
    if (!item) return null
    const key = rowKey(item)
    return (
      <DataRow
        key={key}
        row={item}
        index={index}
        columns={columns}
        href={rowHref?.(item)}
        current={key === currentKey}
        secondary={secondary}
        measure={measure}
      />
    )
  }

  if (rows.length === 0 && props.empty !== undefined) return <>{props.empty}</>
  return (
    <div className={cn('min-w-0', props.className)}>
      {props.held ? <HeldRows count={props.held.count} onShow={props.held.onShow} /> : null}
      <table
        ref={table}
        data-rows
        aria-label={label}
        aria-rowcount={rows.length + 1}
        className="w-full table-fixed border-collapse text-md"
      >
        <DataHeader columns={columns} sort={sort} onSortChange={onSortChange} />
        <tbody>
          {rows.length > VIRTUAL_ABOVE ? (
            <VirtualRows
              count={rows.length}
              keyOf={index => (rows[index] === undefined ? String(index) : rowKey(rows[index]))}
              table={table}
              scroller={scroller}
              row={row}
            />
          ) : (
            rows.map((_, index) => row(index))
          )}
        </tbody>
      </table>
    </div>
  )
}
