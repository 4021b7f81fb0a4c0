'use client'

import type { ClipboardEvent } from 'react'
import { cn } from '@/components/ui/cn'

interface MiddleTruncateProps {
  text: string
  /** How many characters at the end always stay: enough for an instance number or the last part of a name. */
  tail?: number
  mono?: boolean
  className?: string
}

/**
 * A long name cut in its middle, where names differ least. The cut is CSS alone: the whole is in the document, in the title and
 * in what is copied, and the name takes whatever room there is.
 */
export function MiddleTruncate({ text, tail = 8, mono = false, className }: MiddleTruncateProps) {
  const cut = text.length - tail
  const type = mono && 'font-mono text-sm'
  if (cut < tail) {
    return (
      <span title={text} className={cn('block truncate', type, className)}>
        {text}
      </span>
    )
  }
  return (
    <span title={text} onCopy={copyWhole(text)} className={cn('flex min-w-0 max-w-full', type, className)}>
      <span className="min-w-0 truncate whitespace-pre">{text.slice(0, cut)}</span>
      <span className="max-w-[70%] shrink-0 overflow-hidden whitespace-pre">{text.slice(cut)}</span>
    </span>
  )
}

/** The two halves are boxes of their own, between which a browser would copy a line break. */
function copyWhole(text: string) {
  return (event: ClipboardEvent<HTMLSpanElement>) => {
    const selected = window.getSelection()
    const inside =
      selected && event.currentTarget.contains(selected.anchorNode) && event.currentTarget.contains(selected.focusNode)
    if (!inside) return
    event.clipboardData.setData('text/plain', text)
    event.preventDefault()
  }
}
