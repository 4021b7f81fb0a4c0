'use client'

import { ArrowDown, ArrowUp } from 'lucide-react'
import { type DataColumn, nextSort, type Sort, visibilityOf } from '@/components/data-table/data-column'
import { cn } from '@/components/ui/cn'

interface DataHeaderProps<T> {
  columns: readonly DataColumn<T>[]
  sort?: Sort
  onSortChange?: (sort: Sort) => void
}

export function DataHeader<T>({ columns, sort, onSortChange }: DataHeaderProps<T>) {
  return (
    <thead className="sticky top-(--bar) z-10 bg-panel">
      <tr aria-rowindex={1}>
        {columns.map(column => {
          const sortable = onSortChange !== undefined && column.sortable === true
          const direction = sort?.column === column.id ? sort.direction : undefined
          return (
            <th
              key={column.id}
              scope="col"
              title={column.hint}
              aria-sort={direction === undefined ? undefined : direction === 'asc' ? 'ascending' : 'descending'}
              style={column.width === undefined ? undefined : { width: column.width }}
              className={cn(
                // A border of a sticky row stays behind when it scrolls; a shadow goes along.
                'h-8 truncate px-3 text-sm font-medium text-faint shadow-[inset_0_-1px_var(--line)] first:pl-3.5 last:pr-3.5',
                column.align === 'end' ? 'text-right' : 'text-left',
                visibilityOf(column),
              )}
            >
              {sortable ? (
                <button
                  type="button"
                  onClick={() => onSortChange(nextSort(column, sort))}
                  className={cn(
                    'inline-flex h-6 max-w-full items-center gap-1 rounded-sm hover:text-ink touch:h-(--control)',
                    column.align === 'end' && 'flex-row-reverse',
                    direction && 'text-ink',
                  )}
                >
                  <span className="truncate">{column.header}</span>
                  <SortArrow direction={direction} />
                </button>
              ) : (
                column.header
              )}
            </th>
          )
        })}
      </tr>
    </thead>
  )
}

function SortArrow({ direction }: { direction: 'asc' | 'desc' | undefined }) {
  if (direction === 'asc') return <ArrowUp aria-hidden className="size-3 shrink-0" />
  if (direction === 'desc') return <ArrowDown aria-hidden className="size-3 shrink-0" />
  return null
}
