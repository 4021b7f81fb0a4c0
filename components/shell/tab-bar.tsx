'use client'

import { Ellipsis } from 'lucide-react'
import { useState } from 'react'
import { NavCount } from '@/components/shell/nav-count'
import { RailLink } from '@/components/shell/rail'
import type { EnvironmentChoice, NavItem, NavSection, ShellUser } from '@/components/shell/shell-props'
import type { Status } from '@/components/status/status-mark'
import { AppLink } from '@/components/ui/app-link'
import { Button } from '@/components/ui/button'
import { Sheet, SheetBody, SheetHeader } from '@/components/ui/sheet'

interface TabBarProps {
  sections: readonly NavSection[]
  currentId: string | undefined
  user: ShellUser
  environments: readonly EnvironmentChoice[]
  environmentName: string
}

const tabClasses =
  'relative flex min-w-0 flex-1 flex-col items-center justify-center gap-0.5 text-xs text-muted -outline-offset-2 aria-[current=page]:font-semibold aria-[current=page]:text-ink [&_svg]:size-[18px]'

const badgeClasses = 'absolute top-1 left-1/2 ml-1.5'

/** The phone's way around: four pages and More. */
export function TabBar({ sections, currentId, user, environments, environmentName }: TabBarProps) {
  const [more, setMore] = useState(false)
  const items = sections.flatMap(section => section.items)
  const tabs = items.filter(item => item.onPhone).slice(0, 4)
  const rest = sections
    .map(section => ({ ...section, items: section.items.filter(item => !tabs.includes(item)) }))
    .filter(section => section.items.length > 0)
  const hidden = rest.flatMap(section => section.items)
  const others = environments.filter(environment => environment.name !== environmentName)

  return (
    <nav
      aria-label="Pages"
      className="fixed inset-x-0 bottom-0 z-30 flex h-(--tabbar) border-t border-line bg-panel pb-[env(safe-area-inset-bottom)] wide:hidden"
    >
      {tabs.map(item => (
        <Tab key={item.id} item={item} current={item.id === currentId} />
      ))}
      <button
        type="button"
        aria-haspopup="dialog"
        aria-expanded={more}
        aria-current={hidden.some(item => item.id === currentId) ? 'page' : undefined}
        onClick={() => setMore(true)}
        className={tabClasses}
      >
        <Ellipsis aria-hidden />
        More
        <NavCount count={wrongIn(hidden)} className={badgeClasses} />
      </button>
      <Sheet side="bottom" open={more} onOpenChange={setMore}>
        <SheetHeader title={user.name} description={[user.role, user.email].filter(Boolean).join(', ')} />
        <SheetBody className="grid gap-3 px-2 py-3">
          {rest.map((section, index) => (
            <div key={section.label ?? index} className="grid gap-px">
              {section.label ? <p className="mx-2 mb-1 text-sm font-semibold text-faint">{section.label}</p> : null}
              {section.items.map(item => (
                <RailLink key={item.id} item={item} current={item.id === currentId} onNavigate={() => setMore(false)} />
              ))}
            </div>
          ))}
          {others.length > 0 ? (
            <div className="grid gap-px">
              <p className="mx-2 mb-1 text-sm font-semibold text-faint">Other environments</p>
              {others.map(environment => (
                <AppLink
                  key={environment.name}
                  href={environment.href}
                  className="flex h-(--control) items-center rounded-md px-2"
                >
                  <span className="truncate">{environment.name}</span>
                </AppLink>
              ))}
            </div>
          ) : null}
          <form method="post" action={user.signOut} className="grid px-2">
            <Button type="submit">Sign out</Button>
          </form>
        </SheetBody>
      </Sheet>
    </nav>
  )
}

/** What is wrong behind More, in one number: what is merely under way is no trouble. */
function wrongIn(items: readonly NavItem[]): NavItem['count'] {
  const sum = { value: 0, status: 'warning' as Status, label: 'in trouble' }
  for (const { count } of items) {
    if (!count || count.status === 'neutral') continue
    sum.value += count.value
    if (count.status === 'bad') sum.status = 'bad'
  }
  return sum
}

function Tab({ item, current }: { item: NavItem; current: boolean }) {
  return (
    <AppLink href={item.href} aria-current={current ? 'page' : undefined} className={tabClasses}>
      {item.icon}
      <span className="max-w-full truncate px-1">{item.label}</span>
      <NavCount count={item.count} className={badgeClasses} />
    </AppLink>
  )
}
