'use client'

import * as MenuPrimitive from 'radix-ui/dropdown-menu'
import type { ComponentProps } from 'react'
import { cn } from '@/components/ui/cn'

export const DropdownMenu = MenuPrimitive.Root
export const DropdownMenuTrigger = MenuPrimitive.Trigger

export function DropdownMenuContent({
  className,
  sideOffset = 4,
  ...props
}: ComponentProps<typeof MenuPrimitive.Content>) {
  return (
    // Into the page's main part: what is in no landmark is skipped when navigating by landmarks.
    <MenuPrimitive.Portal container={document.getElementById('main')}>
      <MenuPrimitive.Content
        sideOffset={sideOffset}
        collisionPadding={8}
        className={cn(
          'z-50 max-h-(--radix-dropdown-menu-content-available-height) max-w-80 min-w-48 overflow-y-auto rounded-lg border border-line bg-panel p-1 shadow-float data-[state=open]:animate-in data-[state=open]:fade-in-0',
          className,
        )}
        {...props}
      />
    </MenuPrimitive.Portal>
  )
}

interface DropdownMenuItemProps extends ComponentProps<typeof MenuPrimitive.Item> {
  danger?: boolean
}

export function DropdownMenuItem({ className, danger = false, ...props }: DropdownMenuItemProps) {
  return (
    <MenuPrimitive.Item
      className={cn(
        'flex min-h-7 cursor-default items-center gap-2 rounded-md px-2 text-md outline-none select-none data-disabled:text-faint data-highlighted:bg-sunk touch:min-h-(--control) [&_svg]:size-3.5 [&_svg]:shrink-0',
        danger ? 'text-bad' : 'text-ink',
        className,
      )}
      {...props}
    />
  )
}

export function DropdownMenuSeparator({ className, ...props }: ComponentProps<typeof MenuPrimitive.Separator>) {
  return <MenuPrimitive.Separator className={cn('-mx-1 my-1 h-px bg-line', className)} {...props} />
}
