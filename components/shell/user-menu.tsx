'use client'

import { CircleUser, Keyboard, LogOut } from 'lucide-react'
import { useRef } from 'react'
import type { ShellUser } from '@/components/shell/shell-props'
import { buttonVariants } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu'

interface UserMenuProps {
  user: ShellUser
  onHelp: () => void
}

export function UserMenu({ user, onHelp }: UserMenuProps) {
  // The form stands outside the menu: one inside is gone before the browser submits it.
  const form = useRef<HTMLFormElement>(null)
  return (
    <>
      <form ref={form} method="post" action={user.signOut} hidden />
      <DropdownMenu modal={false}>
        <DropdownMenuTrigger
          className={cn(buttonVariants({ variant: 'outline' }), 'max-w-44 text-muted max-wide:hidden')}
        >
          <CircleUser aria-hidden />
          <span className="sr-only">Signed in as {user.name}, </span>
          <span className="truncate">{user.role}</span>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end" className="w-60">
          <div className="px-2 py-1">
            <p className="truncate text-md font-medium" title={user.name}>
              {user.name}
            </p>
            {user.email ? (
              <p className="truncate text-sm text-muted" title={user.email}>
                {user.email}
              </p>
            ) : null}
            <p className="text-sm text-muted">Role: {user.role}</p>
          </div>
          <DropdownMenuSeparator />
          <DropdownMenuItem onSelect={onHelp}>
            <Keyboard aria-hidden />
            Keyboard
          </DropdownMenuItem>
          <DropdownMenuItem onSelect={() => form.current?.requestSubmit()}>
            <LogOut aria-hidden />
            Sign out
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
    </>
  )
}
