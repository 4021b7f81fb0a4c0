import type { PaletteGroup } from '@/components/shell/shell-props'
import type { NamesData } from '@/lib/console/areas/shell/views/names'
import type { OperationSummary } from '@/lib/console/platform/operation/wire'
import type { Reading } from '@/lib/console/platform/view/read'
import { ask } from './ask'
import { splitAct } from './palette-acts'

const ACTS_LISTED = 8

/**
 * What the palette finds by name, each with the page where its sheet opens, and the acts that the query names with their target.
 * What is down has no names, and the others are still found.
 */
export async function findNames(
  environment: string,
  query: string,
  operations: readonly OperationSummary[],
  signal: AbortSignal,
): Promise<PaletteGroup[]> {
  const act = splitAct(query, operations)
  const [groups, targets] = await Promise.all([
    namesOf(environment, query, signal),
    act ? namesOf(environment, act.target, signal) : [],
  ])
  const acts = (act?.operations ?? []).flatMap(({ id, title, targetKind }) =>
    targets
      .filter(({ kind }) => kind === targetKind)
      .flatMap(({ items }) =>
        items.map(item => ({
          ...item,
          id: `${id} ${item.id}`,
          label: `${title}: ${item.label}`,
          // It was found by these words, whatever the title says.
          keywords: [query],
          href: `/${environment}/${item.href}&act=${id}`,
        })),
      ),
  )
  return [
    { id: 'acts', label: 'Act on', items: acts.slice(0, ACTS_LISTED) },
    ...groups.map(group => ({
      ...group,
      items: group.items.map(item => ({ ...item, href: `/${environment}/${item.href}` })),
    })),
  ]
}

async function namesOf(environment: string, query: string, signal: AbortSignal): Promise<NamesData['groups']> {
  const outcome = await ask<Reading<NamesData>>(
    `/api/v1/${environment}/views/names?${new URLSearchParams({ q: query })}`,
    { signal },
  )
  return outcome.ok ? outcome.value.data.groups : []
}
