import type { PageEntry } from '@/app/_server/page-list'
import type { NavItem, NavSection } from '@/components/shell/shell-props'
import type { ShellData } from '@/lib/console/areas/shell/views/shell'
import { pageIcon } from './icons'

const GROUPS = [
  { id: 'observe', label: undefined },
  { id: 'operate', label: 'Operate' },
  { id: 'activity', label: 'Activity' },
] as const

type Trouble = Pick<ShellData, 'trouble' | 'underWay'>

/** The pages of an environment, with what is wrong or under way behind each. */
export function navigation(environment: string, pages: readonly PageEntry[], shell: Trouble): NavSection[] {
  return GROUPS.map(({ id, label }) => ({
    label,
    items: pages
      .filter(page => page.group === id)
      .map(page => ({
        id: page.id,
        label: page.title,
        href: `/${environment}/${page.id}`,
        icon: pageIcon(page.icon),
        shortcut: page.shortcut,
        onPhone: page.onPhone,
        count: page.counts === undefined ? undefined : badgeOf(page.counts, page.id, shell),
      })),
  })).filter(section => section.items.length > 0)
}

function badgeOf(label: string, page: string, { trouble, underWay }: Trouble): NavItem['count'] {
  const count = trouble[page]
  if (count && count.bad + count.warning > 0)
    return { value: count.bad + count.warning, status: count.bad > 0 ? 'bad' : 'warning', label }
  const busy = underWay[page]
  return busy ? { value: busy, status: 'neutral', label } : undefined
}
