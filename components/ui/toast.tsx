'use client'

import dynamic from 'next/dynamic'
import { useEffect, useState } from 'react'
import { announce, type Notice, whenNoticed } from '@/components/ui/notices'

const Region = dynamic(() => import('@/components/ui/toast-region').then(module => module.ToastRegion), { ssr: false })

/** Mounted once, in the root layout. Loads what shows toasts when there is one to show. */
export function Toaster() {
  const [wanted, setWanted] = useState(false)
  useEffect(() => whenNoticed(() => setWanted(true)), [])
  return wanted ? <Region /> : null
}

type NoticeOptions = Partial<Pick<Notice, 'description' | 'action' | 'forMs'>>

/** Says what was done, with the way to take it back. What must not be missed belongs on the page, not in here. */
export function notify(title: string, { forMs = 6_000, ...rest }: NoticeOptions = {}) {
  announce({ kind: 'done', title, forMs, ...rest })
}

export function notifyFailure(title: string, { forMs = 12_000, ...rest }: NoticeOptions = {}) {
  announce({ kind: 'failed', title, forMs, ...rest })
}
