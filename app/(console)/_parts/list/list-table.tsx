'use client'

import type { ReactNode } from 'react'
import type { Patch } from '@/app/(console)/_parts/filters/url-filters'
import { urlSort } from '@/app/(console)/_parts/filters/url-sort'
import { Sparklines } from '@/app/(console)/_parts/series/sparklines'
import type { DataColumn } from '@/components/data-table/data-column'
import { DataTable, type DataTableProps } from '@/components/data-table/data-table'
import type { SeriesKey } from '@/lib/console/platform/samples'
import { formatExact } from '@/lib/core/number-format'
import { closedSheet, isOpened } from './list'
import { NoMatch } from './no-match'
import { useShownList } from './use-list'

/** The rows of a list. Keep it outside the component: rows that did not change are then not drawn again. */
export interface ListRows<T> {
  /** "breaker", "breakers". */
  noun: readonly [one: string, many: string]
  /** Stable over refreshes. */
  key: (row: T) => string
  /** Beside a sheet there is room for what distinguishes rows; the sheet has the rest. */
  columns: { alone: readonly DataColumn<T>[]; beside: readonly DataColumn<T>[] }
  /** Below the first cell on a phone: what the hidden columns would have said. */
  secondary: (row: T) => ReactNode
  /** What of the address opens its details. */
  opens: (row: T) => Patch
  /** The column that the rows are sorted by when the address names none. */
  sort?: string
  /** The series that its cells draw. */
  sparklines?: (row: T) => readonly SeriesKey[]
}

interface ListTableProps<T> extends Pick<DataTableProps<T>, 'held'> {
  of: ListRows<T>
  rows: readonly T[]
  /** How many there are, where `rows` may hold only the first of them. */
  total?: number
  /** "Breakers in production" otherwise. */
  label?: string
  /** Shown instead of rows where it is not for the filters that there are none. */
  empty?: ReactNode
}

export function ListTable<T extends object>({ of, rows, total, label, empty, held }: ListTableProps<T>) {
  const { list, environment, url, beside } = useShownList()
  const { noun, key, columns, opens, sort, sparklines } = of
  const opened = beside ? rows.find(row => isOpened(opens(row), url.get)) : undefined
  const drawn = beside || !sparklines ? [] : rows.flatMap(sparklines)
  return (
    <Sparklines environment={environment} keys={drawn}>
      <DataTable<T>
        label={label ?? `${capitalised(noun[1])} in ${environment}`}
        rows={rows}
        rowKey={key}
        columns={beside ? columns.beside : columns.alone}
        rowHref={row => url.href({ ...closedSheet(list), ...opens(row) })}
        currentKey={opened && key(opened)}
        secondary={of.secondary}
        held={held}
        empty={empty ?? <NoMatch noun={noun} />}
        {...(sort === undefined ? {} : urlSort(url, columns.alone, sort))}
      />
      <CutShort shown={rows.length} total={total ?? rows.length} />
    </Sparklines>
  )
}

/** Below a list that does not hold all there is. */
function CutShort({ shown, total }: { shown: number; total: number }) {
  if (shown >= total) return null
  return (
    <p className="border-t border-line px-3.5 py-2 text-sm text-muted">
      The first {formatExact(shown)} of {formatExact(total)}. Narrow the list to see the others.
    </p>
  )
}

const capitalised = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)
