'use client'

import { type ReactNode, useState } from 'react'
import { cn } from '@/components/ui/cn'

interface FlashOnChangeProps {
  /** Compared with the one before; the first is not a change. */
  value: string | number | boolean | null | undefined
  children: ReactNode
  className?: string
}

/** Says softly, once, that this just changed. Not under `prefers-reduced-motion`. */
export function FlashOnChange({ value, children, className }: FlashOnChangeProps) {
  const [seen, setSeen] = useState(value)
  const [changes, setChanges] = useState(0)
  if (seen !== value) {
    setSeen(value)
    setChanges(changes + 1)
  }
  const motion = changes === 0 ? undefined : changes % 2 ? 'motion-safe:animate-flash-a' : 'motion-safe:animate-flash-b'
  return <span className={cn('-mx-1 rounded-sm px-1 tabular-nums', motion, className)}>{children}</span>
}
