'use client'

import { BrandMark } from '@/components/shell/brand-mark'
import { NavCount } from '@/components/shell/nav-count'
import type { NavItem, NavSection } from '@/components/shell/shell-props'
import { AppLink } from '@/components/ui/app-link'
import { cn } from '@/components/ui/cn'

interface RailProps {
  sections: readonly NavSection[]
  currentId: string | undefined
  homeHref: string
}

export function Rail({ sections, currentId, homeHref }: RailProps) {
  return (
    <nav
      aria-label="Pages"
      className="sticky top-0 hidden h-dvh flex-col gap-px overflow-y-auto border-r border-line px-2 py-3 wide:flex"
    >
      <AppLink href={homeHref} className="mb-3 flex items-center gap-2 rounded-md px-2 py-1 font-semibold">
        <BrandMark className="size-[18px]" />
        Substation
      </AppLink>
      {sections.map((section, index) => (
        <div key={section.label ?? index} className="grid gap-px">
          {section.label ? <p className="mx-2 mt-3.5 mb-1 text-xs font-semibold text-faint">{section.label}</p> : null}
          {section.items.map(item => (
            <RailLink key={item.id} item={item} current={item.id === currentId} />
          ))}
        </div>
      ))}
    </nav>
  )
}

export function RailLink({ item, current, onNavigate }: { item: NavItem; current: boolean; onNavigate?: () => void }) {
  return (
    <AppLink
      href={item.href}
      aria-current={current ? 'page' : undefined}
      onClick={onNavigate}
      className={cn(
        'flex h-[30px] items-center gap-2.5 rounded-md px-2 text-md hover:bg-sunk hover:text-ink touch:h-(--control) touch:text-lg [&_svg]:size-[15px] [&_svg]:shrink-0',
        current ? 'bg-sunk font-medium text-ink' : 'text-muted',
      )}
    >
      {item.icon}
      <span className="truncate">{item.label}</span>
      <NavCount count={item.count} className="ml-auto" />
    </AppLink>
  )
}
