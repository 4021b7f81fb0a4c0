'use client'

import { createContext, useContext } from 'react'
import { type UrlFilters, useUrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { useFilteredView } from '@/app/(console)/_parts/filters/use-filtered-view'
import type { Dropped } from '@/lib/console/platform/view/filters'
import type { Reading } from '@/lib/console/platform/view/read'
import { askedOf, chosenFilters, type List } from './list'

export interface ReadList {
  list: List
  environment: string
  url: UrlFilters
  /** The filters of the view, as they are asked for. */
  asked: Record<string, string>
  /** Names of the filters that are set. */
  chosen: readonly string[]
  /** Other rows are awaited; those on the screen are of the list before. */
  pending: boolean
  dropped: readonly Dropped[]
}

/** A list as the address narrows it now: `initial` is what the server read. `besides`: what it is asked for that is not in the address. */
export function useList<Data>(
  list: List,
  environment: string,
  initial: Reading<Data>,
  besides: Record<string, string> = {},
): ReadList & { data: Data } {
  const url = useUrlFilters()
  const asked = { ...askedOf(list, url.get), ...besides }
  const { reading, pending } = useFilteredView<Data>({ view: list.view, environment, filters: asked }, initial)
  const { dropped, data } = reading
  return { list, environment, url, asked, chosen: chosenFilters(list, url.get), pending, dropped, data }
}

export interface ShownList extends ReadList {
  /** A sheet is open beside it. */
  beside: boolean
}

export const ListContext = createContext<ShownList | undefined>(undefined)

/** The list of the `ListPage` above. */
export function useShownList(): ShownList {
  const list = useContext(ListContext)
  if (!list) throw new Error('A ListPage is missing above this component')
  return list
}
