import type { Query, QueryClient } from '@tanstack/react-query'

interface Again {
  /** Which of the views on the screen; all when left out. */
  meant?: (query: Query) => boolean
  /** One that is being asked for may answer as it was before: it is asked once more afterwards. */
  onceMore: boolean
}

/**
 * Asks again for views. What is being asked for is let through: changes may come faster than answers, and if each began anew, the page
 * would never have one, nor learn that it cannot.
 */
export function askAgain(client: QueryClient, { meant = () => true, onceMore }: Again): void {
  const views = { queryKey: ['view'], predicate: meant }
  const busy = onceMore ? client.getQueryCache().findAll({ ...views, type: 'active', fetchStatus: 'fetching' }) : []
  void client.invalidateQueries(views, { cancelRefetch: false })
  for (const { promise, queryKey } of busy) {
    const again = () => void client.invalidateQueries({ queryKey, exact: true }, { cancelRefetch: false })
    promise?.then(again, again)
  }
}
