'use client'

import { useEffect, useRef } from 'react'
import { watchCut } from '@/components/status/cut-watch'
import { cn } from '@/components/ui/cn'

interface MiddleTruncateProps {
  text: string
  /** How many characters at the end stay in sight: enough for an instance number or the last part of a name. */
  tail?: number
  mono?: boolean
  className?: string
}

/**
 * A long name cut in its middle, where names differ least. The document holds the whole name in one piece, so that it is
 * found, read aloud and copied as it is: the browser clips it, and the end is drawn beside it by CSS.
 */
export function MiddleTruncate({ text, tail = 8, mono = false, className }: MiddleTruncateProps) {
  const ref = useRef<HTMLSpanElement>(null)
  const short = text.length < tail * 2
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed text must be measured again, though the element stays the same
  useEffect(() => {
    const { current } = ref
    if (current && !short) return watchCut(current)
  }, [text, short])
  const type = mono && 'font-mono text-sm'
  if (short)
    return (
      <span title={text} className={cn('block truncate', type, className)}>
        {text}
      </span>
    )
  return (
    <span
      ref={ref}
      title={text}
      data-tail={text.slice(-tail)}
      className={cn(
        "flex min-w-0 max-w-full data-cut:after:max-w-[70%] data-cut:after:shrink-0 data-cut:after:overflow-hidden data-cut:after:whitespace-pre data-cut:after:content-[attr(data-tail)_/_'']",
        type,
        className,
      )}
    >
      <span className="min-w-0 truncate whitespace-pre">{text}</span>
    </span>
  )
}
