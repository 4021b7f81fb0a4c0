'use client'

import { type QueryKey, useQuery } from '@tanstack/react-query'
import type { Reading } from '@/lib/console/platform/view/read'
import { ask } from './ask'
import { useLive } from './live'

/** What could not be read is asked for again this often (ms), whether or not anything is said to have changed. */
const AGAIN_EVERY = 4_000

export interface ViewAddress {
  /** Id of the view. */
  view: string
  environment: string
  /** As they are in the URL. */
  filters: Record<string, string>
}

/** How a view is asked for: the same address is the same query, wherever on the page it stands. */
export function viewQuery<Data>({ view, environment, filters }: ViewAddress) {
  return {
    queryKey: ['view', environment, view, filters] satisfies QueryKey,
    queryFn: async ({ signal }: { signal: AbortSignal }) => {
      const outcome = await ask<Reading<Data>>(`/api/v1/${environment}/views/${view}?${new URLSearchParams(filters)}`, {
        signal,
      })
      if (!outcome.ok) {
        if (outcome.error.code === 'unauthenticated') window.location.reload()
        throw new Error(outcome.error.message)
      }
      return outcome.value
    },
  }
}

/** A view that stays true while it is on screen: seeded by the server, asked for again when what it is made of changes. */
export function useView<Data>(
  address: ViewAddress,
  initial: Reading<Data> | undefined,
): { reading: Reading<Data> | undefined; failed: string | undefined } {
  const { paused } = useLive()
  const query = useQuery({
    ...viewQuery<Data>(address),
    initialData: initial,
    initialDataUpdatedAt: initial?.at,
    enabled: !paused,
    // A page with nothing else to listen to is not notified that a server is back.
    refetchInterval: ({ state }) => (state.status === 'error' || isWanting(state.data?.data) ? AGAIN_EVERY : false),
  })
  return { reading: query.data, failed: query.error?.message }
}

/** Whether a part of it is down or stale. Parts are in the data itself, or in a list of servers. */
function isWanting(data: unknown): boolean {
  if (Array.isArray(data)) return data.some(isWanting)
  if (typeof data !== 'object' || data === null) return false
  const { status, reason } = data as { status?: unknown; reason?: unknown }
  if (status === 'up') return false
  if ((status === 'down' || status === 'stale') && reason !== undefined) return true
  return Object.values(data).some(value => typeof value === 'object' && isWanting(value))
}
