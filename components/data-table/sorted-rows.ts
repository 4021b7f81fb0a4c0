'use client'

import {
  type ColumnDef,
  createSortedRowModel,
  rowSortingFeature,
  type SortFn,
  type SortingState,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { useMemo } from 'react'
import type { DataColumn, Sort } from '@/components/data-table/data-column'

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() })
type Features = typeof features

const byText = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

interface SortedRowsInput<T> {
  rows: readonly T[]
  rowKey: (row: T) => string
  columns: readonly DataColumn<T>[]
  sort: Sort | undefined
}

/** The rows in the order asked for, each with its key. Rows of a column that is sorted elsewhere keep the order they came in. */
export function useSortedRows<T extends object>({ rows, rowKey, columns, sort }: SortedRowsInput<T>) {
  const definitions = useMemo(() => columns.map(column => definitionOf(column)), [columns])
  const sorting = useMemo(() => sortingOf(columns, sort), [columns, sort])
  const table = useTable<Features, T>({
    features,
    data: rows,
    columns: definitions,
    getRowId: rowKey,
    state: { sorting },
    enableSortingRemoval: false,
  })
  return table.getRowModel().rows
}

function definitionOf<T extends object>(column: DataColumn<T>): ColumnDef<Features, T> {
  const natural: SortFn<Features, T> = (a, b, id) => compare(a.getValue(id), b.getValue(id))
  return { id: column.id, accessorFn: row => column.sortValue?.(row), sortFn: natural, sortUndefined: 'last' }
}

function sortingOf<T>(columns: readonly DataColumn<T>[], sort: Sort | undefined): SortingState {
  const column = sort && columns.find(candidate => candidate.id === sort.column)
  return sort && column?.sortValue ? [{ id: sort.column, desc: sort.direction === 'desc' }] : []
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return byText.compare(String(a), String(b))
}
