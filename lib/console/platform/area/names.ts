/** Things of one kind that the palette finds by name. `href` is below the environment. */
export interface NameGroup {
  id: string
  label: string
  items: { id: string; label: string; detail?: string; href: string }[]
}

/** A group lists at most so many. */
export const NAMES_LISTED = 20

/** Those whose name holds the query, as a group of the palette. */
export function nameGroup(
  id: string,
  label: string,
  query: string,
  items: readonly NameGroup['items'][number][],
): NameGroup {
  const wanted = query.toLowerCase()
  return {
    id,
    label,
    items: items.filter(item => item.label.toLowerCase().includes(wanted)).slice(0, NAMES_LISTED),
  }
}

/** A page below the environment with what of it is opened: `queues?server=main&queue=bull%3Amail`. */
export const placeOf = (page: string, opened: Record<string, string>) => `${page}?${new URLSearchParams(opened)}`
