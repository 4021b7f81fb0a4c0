import type { DataColumn, Sort } from '@/components/data-table/data-column'
import type { UrlFilters } from './url-filters'

/** The sort of a table as the URL says it: a column, and a direction where that is not the one the column has first. */
export function urlSort<T>(
  { get, set }: Pick<UrlFilters, 'get' | 'set'>,
  columns: readonly DataColumn<T>[],
  otherwise: string,
) {
  const firstOf = (id: string) => columns.find(column => column.id === id)?.firstSort ?? 'asc'
  const column = get('sort') ?? otherwise
  const given = get('dir')
  const sort: Sort = { column, direction: given === 'asc' || given === 'desc' ? given : firstOf(column) }
  return {
    sort,
    onSortChange: ({ column, direction }: Sort) =>
      set({
        sort: column === otherwise ? undefined : column,
        dir: direction === firstOf(column) ? undefined : direction,
      }),
  }
}
