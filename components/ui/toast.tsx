'use client'

import { Toaster as Sonner, toast } from 'sonner'

/** Mounted once, in the root layout. Above the phone's tab bar, below dialogs' buttons. */
export function Toaster() {
  return (
    <Sonner
      position="bottom-right"
      gap={8}
      offset={16}
      mobileOffset={{ bottom: 'calc(var(--tabbar) + 8px)', left: 12, right: 12 }}
      containerAriaLabel="Notifications"
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            'flex w-full wide:w-[380px] items-center gap-3 rounded-lg border border-line bg-panel px-3.5 py-2.5 text-md text-ink shadow-float',
          content: 'min-w-0 flex-1',
          title: 'font-medium',
          description: 'text-muted',
          error: 'border-bad/50',
          actionButton:
            'ml-auto inline-flex h-(--control) shrink-0 items-center rounded-md border border-line bg-panel px-2.5 text-sm font-medium text-accent hover:bg-sunk',
        },
      }}
    />
  )
}

interface Notice {
  description?: string
  action?: { label: string; run: () => void }
  /** How long it stays; a pointer or focus on it holds it. */
  forMs?: number
}

/** Says what was done, with the way to take it back. What must not be missed belongs on the page, not in here. */
export function notify(title: string, { description, action, forMs = 6_000 }: Notice = {}) {
  toast(title, { description, duration: forMs, action: action && { label: action.label, onClick: action.run } })
}

export function notifyFailure(title: string, { description, action, forMs = 12_000 }: Notice = {}) {
  toast.error(title, { description, duration: forMs, action: action && { label: action.label, onClick: action.run } })
}
