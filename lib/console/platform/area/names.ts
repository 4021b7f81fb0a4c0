import { nameMatch } from '../../../core/name-match.ts'

/** Things of one kind that the palette finds by name. `href` is below the environment. */
export interface NameGroup {
  id: string
  label: string
  /** The target kind of the operations that act on one of them, where there are any: `queue`. */
  kind?: string
  items: { id: string; label: string; detail?: string; href: string }[]
}

/** The most names in a group. */
export const NAMES_LISTED = 20

/** Those whose name matches the query, the best first, as a group of the palette. */
export function nameGroup(
  id: string,
  label: string,
  query: string,
  items: readonly NameGroup['items'][number][],
  kind?: string,
): NameGroup {
  const scored = items.map(item => ({ item, score: nameMatch(item.label, query) })).filter(({ score }) => score > 0)
  scored.sort((a, b) => b.score - a.score)
  return { id, label, kind, items: scored.slice(0, NAMES_LISTED).map(({ item }) => item) }
}

/** A page below the environment with its parameters: `queues?server=main&queue=bull%3Amail`. */
export const placeOf = (page: string, opened: Record<string, string>) => `${page}?${new URLSearchParams(opened)}`
