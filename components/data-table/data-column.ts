import type { ReactNode } from 'react'

/** One column of a DataTable. */
export interface DataColumn<T> {
  id: string
  header: string
  /** Explains the header where two words cannot; shown as its title. */
  hint?: string
  cell: (row: T) => ReactNode
  /** In px. Columns without one share what is left, by `share`. */
  width?: number
  /** Numbers and times are aligned to the end. */
  align?: 'start' | 'end'
  /** Not shown on screens narrower than this: 760, 1120 or 1360 px. Say what it said in `secondary`. */
  hideBelow?: HideBelow
  /** The supplier of the rows can sort them by it: the header calls back. */
  sortable?: boolean
  /** The direction of the first press; `desc` where the large is the interesting one. */
  firstSort?: SortDirection
}

export type HideBelow = 'wide' | 'desk' | 'broad'

export type SortDirection = 'asc' | 'desc'

/** The page keeps it in the URL. */
export interface Sort {
  column: string
  direction: SortDirection
}

/** Classes that hide a column's cells on narrow screens. */
export function visibilityOf({ hideBelow }: { hideBelow?: HideBelow }) {
  return hideBelow === undefined ? '' : visible[hideBelow]
}

const visible: Record<HideBelow, string> = {
  wide: 'hidden wide:table-cell',
  desk: 'hidden desk:table-cell',
  broad: 'hidden min-[1360px]:table-cell',
}

export function nextSort(column: { id: string; firstSort?: SortDirection }, sort: Sort | undefined): Sort {
  const first = column.firstSort ?? 'asc'
  if (sort?.column !== column.id) return { column: column.id, direction: first }
  return { column: column.id, direction: sort.direction === 'asc' ? 'desc' : 'asc' }
}
