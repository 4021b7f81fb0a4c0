'use client'

import type { Route } from 'next'
import dynamic from 'next/dynamic'
import { usePathname, useRouter } from 'next/navigation'
import { type ReactNode, useEffect, useState } from 'react'
import { ProductionBand } from '@/components/shell/environment-badge'
import { StreamNotice } from '@/components/shell/freshness-mark'
import { Rail } from '@/components/shell/rail'
import type {
  EnvironmentChoice,
  Freshness,
  NavItem,
  NavSection,
  PaletteGroup,
  PaletteSource,
  ShellUser,
} from '@/components/shell/shell-props'
import { useShellShortcuts } from '@/components/shell/shortcuts'
import { TabBar } from '@/components/shell/tab-bar'
import { TopBar } from '@/components/shell/top-bar'
import { alignClock } from '@/components/status/ticker'

// Not needed until asked for, and together as heavy as a page.
const CommandPalette = dynamic(() => import('@/components/shell/command-palette').then(module => module.CommandPalette))
const KeyboardHelp = dynamic(() => import('@/components/shell/keyboard-help').then(module => module.KeyboardHelp))

export interface AppShellProps {
  nav: readonly NavSection[]
  homeHref: string
  environment: EnvironmentChoice
  /** All that this person may see, the current one included. */
  environments: readonly EnvironmentChoice[]
  freshness: Freshness
  onPauseChange: (paused: boolean) => void
  user: ShellUser
  palette: PaletteSource
  /** The console's clock when the page was made; ages are computed with it. */
  serverNow?: number
  /** A page-wide control in the top bar. */
  extra?: ReactNode
  children: ReactNode
}

/** The frame of every page. It fetches nothing and keeps nothing but what is open. */
export function AppShell(props: AppShellProps) {
  const { nav, homeHref, environment, environments, freshness, onPauseChange, user, palette, serverNow, extra } = props
  const router = useRouter()
  const pathname = usePathname()
  const [paletteOpen, setPaletteOpen] = useLazyOpen()
  const [helpOpen, setHelpOpen] = useLazyOpen()
  const items = nav.flatMap(section => section.items)
  const currentId = currentItem(items, pathname)?.id
  const go = (href: string) => router.push(href as Route)

  useEffect(() => {
    if (serverNow !== undefined) alignClock(serverNow)
  }, [serverNow])

  useShellShortcuts({
    items,
    onGo: item => go(item.href),
    onSearch: () => setPaletteOpen(true),
    onHelp: () => setHelpOpen(true),
  })

  return (
    <div className="min-h-dvh wide:grid wide:grid-cols-[var(--rail)_minmax(0,1fr)]">
      <a
        href="#main"
        className="fixed top-2 left-2 z-50 -translate-y-16 rounded-md border border-line bg-panel px-3 py-2 font-medium text-accent focus:translate-y-0"
      >
        Skip to content
      </a>
      {environment.kind === 'production' ? <ProductionBand /> : null}
      <Rail sections={nav} currentId={currentId} homeHref={homeHref} />
      <div className="flex min-w-0 flex-col">
        <TopBar
          environment={environment}
          environments={environments}
          freshness={freshness}
          onPauseChange={onPauseChange}
          user={user}
          onSearch={() => setPaletteOpen(true)}
          onHelp={() => setHelpOpen(true)}
          extra={extra}
        />
        <StreamNotice freshness={freshness} />
        <main
          id="main"
          tabIndex={-1}
          className="min-w-0 flex-1 p-5 outline-none max-wide:px-3.5 max-wide:py-3.5 max-wide:pb-[calc(var(--tabbar)+16px)]"
        >
          <div className="mx-auto max-w-[1440px]">{props.children}</div>
        </main>
      </div>
      <TabBar
        sections={nav}
        currentId={currentId}
        user={user}
        environments={environments}
        environmentName={environment.name}
      />
      {paletteOpen === undefined ? null : (
        <CommandPalette
          {...palette}
          groups={[pagesOf(items), ...palette.groups]}
          open={paletteOpen}
          onOpenChange={setPaletteOpen}
          onGo={go}
        />
      )}
      {helpOpen === undefined ? null : <KeyboardHelp open={helpOpen} onOpenChange={setHelpOpen} items={items} />}
    </div>
  )
}

/** Undefined until first opened, so that what it opens need not be loaded before. */
function useLazyOpen() {
  return useState<boolean>()
}

/** The item whose address is the longest beginning of this one. */
function currentItem(items: readonly NavItem[], pathname: string): NavItem | undefined {
  return items
    .filter(item => pathname === item.href || pathname.startsWith(`${item.href}/`))
    .sort((a, b) => b.href.length - a.href.length)[0]
}

function pagesOf(items: readonly NavItem[]): PaletteGroup {
  return {
    id: 'pages',
    label: 'Pages',
    items: items.map(item => ({
      id: item.id,
      label: item.label,
      href: item.href,
      icon: item.icon,
      detail: item.count && item.count.value > 0 ? `${item.count.value} ${item.count.label}` : undefined,
    })),
  }
}
