'use client'

import { CircleUser, Keyboard, LogOut } from 'lucide-react'
import { useRef } from 'react'
import type { ShellUser } from '@/components/shell/shell-props'
import { buttonVariants } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { MenuButton } from '@/components/ui/menu-button'

interface UserMenuProps {
  user: ShellUser
  onHelp: () => void
}

export function UserMenu({ user, onHelp }: UserMenuProps) {
  // The form is outside the menu: one inside is gone before the browser submits it.
  const form = useRef<HTMLFormElement>(null)
  return (
    <>
      <form ref={form} method="post" action={user.signOut} hidden />
      <MenuButton
        align="end"
        className={cn(buttonVariants({ variant: 'quiet' }), 'max-w-44 max-wide:hidden')}
        header={<Who user={user} />}
        items={[
          { id: 'keyboard', label: 'Keyboard', icon: <Keyboard aria-hidden />, onSelect: onHelp },
          {
            id: 'sign-out',
            label: 'Sign out',
            icon: <LogOut aria-hidden />,
            onSelect: () => form.current?.requestSubmit(),
          },
        ]}
      >
        <CircleUser aria-hidden />
        <span className="sr-only">Signed in as {user.name}, </span>
        <span className="truncate">{user.role}</span>
      </MenuButton>
    </>
  )
}

function Who({ user }: { user: ShellUser }) {
  return (
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
  )
}
