import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { clearedFilters } from './list'
import { useShownList } from './use-list'

/** There are rows, and the filters hide all of them. */
export function NoMatch({ noun: [one, many] }: { noun: readonly [one: string, many: string] }) {
  const { list, url } = useShownList()
  return (
    <EmptyState
      title={`No ${one} matches`}
      action={<Button onClick={() => url.set(clearedFilters(list))}>Clear the filters</Button>}
    >
      There are {many}, but none matches all filters.
    </EmptyState>
  )
}
