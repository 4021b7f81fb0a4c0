'use client'

import { useQuery } from '@tanstack/react-query'
import type { Topic } from '@/lib/console/live/hub'
import type { Reading } from '@/lib/console/views/read'
import { ask } from './ask'
import { useLive } from './live'

export interface ViewAddress {
  /** Id of the view. */
  view: string
  environment: string
  /** As they stand in the URL. */
  filters: Record<string, string>
  topics: readonly Topic[]
}

/** A view that stays true while it is on screen: seeded by the server, asked for again when its topics change. */
export function useView<Data>(
  address: ViewAddress,
  initial: Reading<Data> | undefined,
): { reading: Reading<Data> | undefined; failed: string | undefined } {
  const { view, environment, filters, topics } = address
  const { paused } = useLive()
  const query = useQuery({
    queryKey: ['view', environment, view, filters],
    queryFn: async ({ signal }) => {
      const outcome = await ask<Reading<Data>>(`/api/v1/${environment}/views/${view}?${new URLSearchParams(filters)}`, {
        signal,
      })
      if (!outcome.ok) {
        if (outcome.error.code === 'unauthenticated') window.location.reload()
        throw new Error(outcome.error.message)
      }
      return outcome.value
    },
    initialData: initial,
    initialDataUpdatedAt: initial?.at,
    enabled: !paused,
    meta: { topics },
  })
  return { reading: query.data, failed: query.error?.message }
}
