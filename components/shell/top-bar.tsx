'use client'

import { Search } from 'lucide-react'
import type { ReactNode } from 'react'
import { BrandMark } from '@/components/shell/brand-mark'
import { EnvironmentBadge } from '@/components/shell/environment-badge'
import { FreshnessMark } from '@/components/shell/freshness-mark'
import type { EnvironmentChoice, Freshness, ShellUser } from '@/components/shell/shell-props'
import { UserMenu } from '@/components/shell/user-menu'
import { Kbd } from '@/components/ui/kbd'

interface TopBarProps {
  environment: EnvironmentChoice
  environments: readonly EnvironmentChoice[]
  freshness: Freshness
  onPauseChange: (paused: boolean) => void
  user: ShellUser
  onSearch: () => void
  onHelp: () => void
  /** A page-wide control, the time range for instance. */
  extra?: ReactNode
}

export function TopBar({
  environment,
  environments,
  freshness,
  onPauseChange,
  user,
  onSearch,
  onHelp,
  extra,
}: TopBarProps) {
  return (
    <header className="sticky top-0 z-20 flex h-(--bar) items-center gap-2.5 border-b border-line bg-bg px-5 max-wide:gap-2 max-wide:px-3.5">
      <BrandMark className="size-[18px] shrink-0 wide:hidden" />
      <EnvironmentBadge environment={environment} environments={environments} />
      <button
        type="button"
        onClick={onSearch}
        aria-keyshortcuts="Control+K /"
        className="ml-1.5 flex h-(--control) min-w-0 items-center gap-2 rounded-md border border-line bg-panel px-2.5 text-md text-faint hover:border-line-strong hover:text-muted max-wide:ml-auto max-wide:w-(--control) max-wide:justify-center max-wide:px-0 wide:w-80"
      >
        <Search aria-hidden className="size-3.5 shrink-0" />
        <span className="truncate max-wide:sr-only">Search or act</span>
        <span aria-hidden className="ml-auto flex gap-1 max-wide:hidden">
          <Kbd>/</Kbd>
        </span>
      </button>
      <div className="flex items-center gap-2 wide:ml-auto">
        {extra}
        <FreshnessMark freshness={freshness} onPauseChange={onPauseChange} />
        <UserMenu user={user} onHelp={onHelp} />
      </div>
    </header>
  )
}
