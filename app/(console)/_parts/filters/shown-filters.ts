import type { AnyView } from '@/lib/console/views/define'

/** What the URL says of this view's filters, as it stands there: the client asks again with exactly these. */
export function shownFilters(
  view: AnyView,
  raw: Record<string, string | string[] | undefined>,
): Record<string, string> {
  const shown: Record<string, string> = {}
  for (const name of Object.keys(view.filters.shape)) {
    const given = raw[name]
    const value = Array.isArray(given) ? given.at(-1) : given
    if (value !== undefined && value !== '') shown[name] = value
  }
  return shown
}
