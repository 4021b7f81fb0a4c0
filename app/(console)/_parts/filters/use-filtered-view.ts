'use client'

import { useState } from 'react'
import { useView, type ViewAddress } from '@/app/(console)/_frame/use-view'
import type { Reading } from '@/lib/console/platform/view/read'

/**
 * A view whose filters change on the page: what the server read seeds only the filters it was read with, and while new ones are
 * asked for the last answer stays on screen.
 */
export function useFilteredView<Data>(
  address: ViewAddress,
  initial: Reading<Data>,
): { reading: Reading<Data>; pending: boolean; failed: string | undefined } {
  const key = keyOf(address.filters)
  const [read] = useState(key)
  const { reading, failed } = useView<Data>(address, key === read ? initial : undefined)
  const [shown, setShown] = useState(initial)
  if (reading !== undefined && reading !== shown) setShown(reading)
  return { reading: reading ?? shown, pending: reading === undefined && failed === undefined, failed }
}

function keyOf(filters: Record<string, string>): string {
  return JSON.stringify(Object.entries(filters).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Of the address, what belongs to a view: its filters as they are there, left out where absent. */
export function pickFilters(
  get: (name: string) => string | undefined,
  names: readonly string[],
): Record<string, string> {
  return Object.fromEntries(names.flatMap(name => (get(name) ? [[name, get(name) as string]] : [])))
}
