'use client'

import dynamic from 'next/dynamic'
import { type ReactNode, type Ref, useRef } from 'react'
import type { DataColumn, Sort } from '@/components/data-table/data-column'
import { DataHeader } from '@/components/data-table/data-header'
import { DataRow } from '@/components/data-table/data-row'
import { HeldRows } from '@/components/data-table/held-rows'
import { useRowKeys } from '@/components/data-table/row-keys'
import { useSortedRows } from '@/components/data-table/sorted-rows'
import { cn } from '@/components/ui/cn'

/** Above this many rows only those near the window are in the document, and the code for that is loaded. */
const VIRTUAL_ABOVE = 60
const VirtualRows = dynamic(() => import('@/components/data-table/virtual-rows').then(module => module.VirtualRows))

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
  'use memo'
  const { label, rows, rowKey, columns, rowHref, currentKey, secondary, sort, onSortChange, marked, onMarkedChange } =
    props
  const table = useRef<HTMLTableElement>(null)
  const sorted = useSortedRows({ rows, rowKey, columns, sort })
  // Rows of a short table are all there: nothing to scroll to.
  const scroller = useRef<(index: number) => void>(() => {})

  const canMark = marked !== undefined && onMarkedChange !== undefined
  const mark = (key: string, on: boolean) => {
    if (canMark) onMarkedChange(withMark(marked, key, on))
  }
  useRowKeys({
    table,
    count: sorted.length,
    scrollTo: index => scroller.current(index),
    onMark: canMark
      ? index => {
          const key = sorted[index]?.id
          if (key !== undefined) mark(key, !marked.has(key))
        }
      : undefined,
  })

  const row = (index: number, measure?: Ref<HTMLTableRowElement>) => {
    const item = sorted[index]
    if (!item) return null
    return (
      <DataRow
        key={item.id}
        row={item.original}
        rowId={item.id}
        index={index}
        columns={columns}
        href={rowHref?.(item.original)}
        current={item.id === currentKey}
        marked={canMark ? marked.has(item.id) : undefined}
        onMark={mark}
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
          {sorted.length > VIRTUAL_ABOVE ? (
            <VirtualRows
              count={sorted.length}
              rowHeight={props.rowHeight ?? 33}
              keyOf={index => sorted[index]?.id ?? String(index)}
              table={table}
              scroller={scroller}
              row={row}
            />
          ) : (
            sorted.map((_, index) => row(index))
          )}
        </tbody>
      </table>
    </div>
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
