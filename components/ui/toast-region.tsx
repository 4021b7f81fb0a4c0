'use client'

import { useEffect } from 'react'
import { Toaster as Sonner, toast } from 'sonner'
import { type Notice, speakThrough } from '@/components/ui/notices'

/** Away from the sheets, whose buttons are at the right and, on a phone, at the bottom. Polite to a screen reader; Alt-T moves the focus here. */
export function ToastRegion() {
  useEffect(() => speakThrough(show), [])
  return (
    <Sonner
      position="bottom-left"
      gap={8}
      offset={{ bottom: 16, left: 'calc(var(--rail) + 16px)' }}
      mobileOffset={{ bottom: 'calc(var(--tabbar) + 76px)', left: 12, right: 12 }}
      containerAriaLabel="Notifications"
      style={{ fontFamily: 'inherit' }}
      closeButton
      toastOptions={{
        unstyled: true,
        closeButtonAriaLabel: 'Dismiss',
        classNames: {
          toast:
            'flex w-full items-center gap-3 rounded-lg border border-line bg-panel px-3.5 py-2.5 text-md text-ink shadow-float wide:w-[380px]',
          content: 'min-w-0 flex-1',
          title: 'font-medium',
          description: 'text-muted',
          icon: 'shrink-0 text-bad',
          closeButton:
            'order-last -mr-1.5 inline-flex size-(--control) shrink-0 items-center justify-center rounded-md text-muted hover:bg-sunk hover:text-ink',
          actionButton:
            'ml-auto inline-flex h-(--control) shrink-0 items-center rounded-md border border-line bg-panel px-2.5 text-sm font-medium text-accent hover:bg-sunk',
        },
      }}
    />
  )
}

function show({ kind, title, description, action, forMs }: Notice) {
  const options = { description, duration: forMs, action: action && { label: action.label, onClick: action.run } }
  if (kind === 'failed') toast.error(title, options)
  else toast(title, options)
}
