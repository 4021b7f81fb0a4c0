'use client'

import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu'
import type { MenuButtonProps } from '@/components/ui/menu-button'

/** What a MenuButton becomes when it is first pressed: the same button, with its menu open. */
export function OpenMenu({ children, className, label, items, header, align = 'start' }: MenuButtonProps) {
  return (
    <DropdownMenu modal={false} defaultOpen>
      <DropdownMenuTrigger aria-label={label} className={className}>
        {children}
      </DropdownMenuTrigger>
      <DropdownMenuContent align={align}>
        {header ? (
          <>
            {header}
            <DropdownMenuSeparator />
          </>
        ) : null}
        {items.map(item => (
          <DropdownMenuItem key={item.id} danger={item.danger} disabled={item.disabled} onSelect={item.onSelect}>
            {item.icon}
            <span className="min-w-0 truncate">{item.label}</span>
            {item.detail ? <span className="ml-auto pl-3 text-sm text-muted">{item.detail}</span> : null}
          </DropdownMenuItem>
        ))}
      </DropdownMenuContent>
    </DropdownMenu>
  )
}
