import type { Query, QueryClient } from '@tanstack/react-query'
import type { Topic } from '@/lib/console/platform/live/hub'
import type { Reading } from '@/lib/console/platform/view/read'

interface Again {
  /** Which of the views on the screen; all when left out. */
  meant?: (query: Query) => boolean
  /** One that is being asked for may answer as it was before: it is asked once more afterwards. */
  onceMore: boolean
}

/**
 * Asks again for views. What is being asked for is let through: changes may come faster than answers, and if each started over, the page
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

/** A reading names its topics; one query may hold several readings. What has no answer yet may be made of anything. */
export function isMadeOf(data: unknown, changed: readonly Topic[]): boolean {
  if (data === undefined) return true
  return [data as Reading<unknown> | Reading<unknown>[]]
    .flat()
    .some(({ topics }) => changed.some(topic => topics.includes(topic)))
}
