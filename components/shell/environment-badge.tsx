'use client'

import { Check, ChevronDown } from 'lucide-react'
import type { Route } from 'next'
import { useRouter } from 'next/navigation'
import type { ReactNode } from 'react'
import type { EnvironmentChoice } from '@/components/shell/shell-props'
import { cn } from '@/components/ui/cn'
import { MenuButton } from '@/components/ui/menu-button'

const looks = {
  production: 'border-production bg-production text-on-production',
  demo: 'border-dashed border-line-strong bg-panel text-ink',
  other: 'border-line-strong bg-panel text-ink',
}

interface EnvironmentBadgeProps {
  environment: EnvironmentChoice
  environments: readonly EnvironmentChoice[]
}

/** Where one is. Production has a colour that nothing else has, and a hatched band over the whole window. */
export function EnvironmentBadge({ environment, environments }: EnvironmentBadgeProps) {
  const classes = cn(
    'inline-flex h-6 max-w-[220px] min-w-0 items-center gap-1.5 rounded-md border px-2 text-sm font-semibold max-wide:max-w-[150px]',
    looks[environment.kind],
  )
  const words = (
    <>
      <span className="sr-only">Environment: </span>
      <span className="truncate" title={environment.name}>
        {environment.name}
      </span>
      {environment.kind === 'demo' && environment.name !== 'demo' ? (
        <span className="font-normal text-muted">demo</span>
      ) : null}
    </>
  )
  if (environments.length < 2) return <span className={classes}>{words}</span>
  return <EnvironmentSwitcher classes={classes} words={words} current={environment.name} environments={environments} />
}

interface EnvironmentSwitcherProps {
  classes: string
  words: ReactNode
  current: string
  environments: readonly EnvironmentChoice[]
}

function EnvironmentSwitcher({ classes, words, current, environments }: EnvironmentSwitcherProps) {
  const router = useRouter()
  return (
    <MenuButton
      className={cn(classes, 'touch:h-9')}
      items={environments.map(choice => ({
        id: choice.name,
        label: choice.name,
        icon: <Check aria-hidden className={cn(choice.name !== current && 'invisible')} />,
        detail: choice.kind === 'other' || choice.kind === choice.name ? undefined : choice.kind,
        onSelect: () => router.push(choice.href as Route),
      }))}
    >
      {words}
      <ChevronDown aria-hidden className="size-3 shrink-0" />
    </MenuButton>
  )
}

/** Over everything, from edge to edge, on every page of production. */
export function ProductionBand() {
  return (
    <div
      aria-hidden
      className="pointer-events-none fixed inset-x-0 top-0 z-[60] h-[3px] bg-[repeating-linear-gradient(135deg,var(--production)_0_8px,transparent_8px_12px)]"
    />
  )
}
