'use client'

import { usePathname, useSearchParams } from 'next/navigation'
import { goShallow } from './shallow'

/** Parameters of the address to change; undefined takes one away. */
export type Patch = Record<string, string | undefined>

export interface UrlFilters {
  /** What the URL says, or undefined. */
  get: (name: string) => string | undefined
  /** This page with some of its parameters changed; undefined or empty takes one away. */
  href: (patch: Patch) => string
  /** Goes there, in place of this entry of the history: going back leaves the page, not a filter. */
  set: (patch: Patch) => void
}

/** Filters and selection live in the URL, so that a link shows the same. */
export function useUrlFilters(): UrlFilters {
  const pathname = usePathname()
  const params = useSearchParams()

  return {
    get: name => params.get(name) ?? undefined,
    href: patch => addressOf(pathname, params, patch),
    // From the address as it is now: a press may have changed it since this was rendered, and that must not be undone.
    set: patch => goShallow(addressOf(pathname, new URLSearchParams(window.location.search), patch)),
  }
}

function addressOf(pathname: string, params: URLSearchParams, patch: Patch): string {
  const next = new URLSearchParams(params)
  for (const [name, value] of Object.entries(patch)) {
    if (value === undefined || value === '') next.delete(name)
    else next.set(name, value)
  }
  const query = next.toString()
  return query === '' ? pathname : `${pathname}?${query}`
}
