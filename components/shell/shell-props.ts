import type { ReactNode } from 'react'
import type { Status } from '@/components/status/status-mark'

export interface NavItem {
  id: string
  label: string
  href: string
  /** An icon of 16 px. */
  icon: ReactNode
  /** How many things there are wrong, or under way; nothing is shown for none. */
  count?: { value: number; status: Status | 'neutral'; label: string }
  /** The letter after `g`. */
  shortcut?: string
  /** Has its own place in the phone's tab bar; the first four do, the rest are under More. */
  onPhone?: boolean
}

export interface NavSection {
  /** Left out for the first. */
  label?: string
  items: readonly NavItem[]
}

export interface EnvironmentChoice {
  name: string
  kind: 'production' | 'demo' | 'other'
  /** Where it is left for: the same page of the other environment. */
  href: string
}

export type Freshness =
  | { state: 'live' }
  | { state: 'paused'; since: number }
  /** The stream is up and what it says is late. */
  | { state: 'stale'; since: number; reason?: string }
  | { state: 'disconnected'; since: number; reason?: string }

export interface ShellUser {
  name: string
  email?: string
  role: string
  /** Where the sign-out form posts to. */
  signOut: string
}

export interface PaletteItem {
  id: string
  label: string
  /** Beside the label, quieter: a service's version, a breaker's state. */
  detail?: string
  keywords?: readonly string[]
  icon?: ReactNode
  status?: Status
  /** Goes there; otherwise the item is an operation, and choosing it calls `onOperation`. */
  href?: string
  /** Not to be chosen, and why: "needs the operator role". */
  denied?: string
}

export interface PaletteGroup {
  id: string
  label: string
  items: readonly PaletteItem[]
}

export interface PaletteSource {
  groups: readonly PaletteGroup[]
  /** More, for what was typed: called a moment after the last key; aborted by the next. */
  search?: (query: string, signal: AbortSignal) => Promise<readonly PaletteGroup[]>
  /** Opens the operation on its preview. */
  onOperation: (id: string) => void
}
