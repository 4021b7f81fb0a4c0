import type { ReactNode } from 'react'
import type { MenuItem } from '@/components/ui/menu-button'
import type { OperationSummary } from '@/lib/console/platform/operation/wire'

/** An act in a menu: disabled, with the role it needs, for those who may not. */
export function menuEntry(
  { id, allowed, needs }: OperationSummary,
  label: string,
  icon: ReactNode,
  onSelect: () => void,
): MenuItem {
  return { id, label, icon, onSelect, disabled: !allowed, detail: allowed ? undefined : `needs the ${needs} role` }
}
