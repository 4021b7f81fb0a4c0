import type { PaletteGroup, PaletteItem } from '@/components/shell/shell-props'
import { nameMatch } from '@/lib/core/name-match'

/** An operation must match clearly better than a thing to be listed before it. */
const OPERATIONS_BEHIND = 0.15
/** Between two that match alike, the one that was opened lately. */
const RECENT_AHEAD = 0.05

/** What matches, the best group and the best item first. Without a query: what was opened lately, then everything as it came. */
export function rankPalette(groups: readonly PaletteGroup[], query: string, recent: readonly string[]): PaletteGroup[] {
  if (query.trim() === '') return withRecent(groups, recent)
  return groups
    .map(group => {
      const scored = group.items
        .map(item => ({ item, score: scoreOf(item, query, recent) }))
        .filter(({ score }) => score > 0)
        .sort((a, b) => b.score - a.score)
      return { group: { ...group, items: scored.map(({ item }) => item) }, best: scored[0]?.score ?? 0 }
    })
    .filter(({ best }) => best > 0)
    .sort((a, b) => b.best - a.best)
    .map(({ group }) => group)
}

function scoreOf(item: PaletteItem, query: string, recent: readonly string[]): number {
  const match = Math.max(...[item.label, ...(item.keywords ?? [])].map(text => nameMatch(text, query)))
  if (match === 0) return 0
  const behind = item.href === undefined ? OPERATIONS_BEHIND : 0
  // Never nothing: what matches at all is listed.
  return Math.max(0.01, match - behind + (recent.includes(keyOf(item)) ? RECENT_AHEAD : 0))
}

/** By what it opens: the same thing may be listed under several ids. */
export const keyOf = ({ id, href }: PaletteItem) => href ?? id

function withRecent(groups: readonly PaletteGroup[], recent: readonly string[]): PaletteGroup[] {
  const known = new Map(groups.flatMap(({ items }) => items.map(item => [keyOf(item), item] as const)))
  const items = recent.flatMap(key => known.get(key) ?? [])
  if (items.length === 0) return [...groups]
  const listed = new Set(items)
  return [
    { id: 'recent', label: 'Recent', items },
    ...groups.map(group => ({ ...group, items: group.items.filter(item => !listed.has(item)) })),
  ]
}
