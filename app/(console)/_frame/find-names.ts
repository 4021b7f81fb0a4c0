import type { PaletteGroup } from '@/components/shell/shell-props'
import type { NamesData } from '@/lib/console/areas/shell/views/names'
import type { Reading } from '@/lib/console/platform/view/read'
import { ask } from './ask'

/** What the palette finds by name, each with the page where its sheet opens. What is down has no names, and the others are found all the same. */
export async function findNames(environment: string, query: string, signal: AbortSignal): Promise<PaletteGroup[]> {
  const outcome = await ask<Reading<NamesData>>(
    `/api/v1/${environment}/views/names?${new URLSearchParams({ q: query })}`,
    { signal },
  )
  if (!outcome.ok) return []
  return outcome.value.data.groups.map(group => ({
    ...group,
    items: group.items.map(item => ({ ...item, href: `/${environment}/${item.href}` })),
  }))
}
