import type { ReactNode } from 'react'
import { Badge } from '@/components/ui/badge'
import { cn } from '@/components/ui/cn'

/** How something is, in the four words everything on the console is sorted by. */
export type Status = 'good' | 'warning' | 'bad' | 'unknown'

const colour: Record<Status, string> = {
  good: 'text-good',
  warning: 'text-warning',
  bad: 'text-bad',
  unknown: 'text-unknown',
}

const word: Record<Status, string> = { good: 'Good', warning: 'Warning', bad: 'Bad', unknown: 'Unknown' }

/** A shape a status, so that it is distinguished without colour: circle, half circle, cross, diamond. */
function StatusShape({ status }: { status: Status }) {
  switch (status) {
    case 'good':
      return <circle cx="6" cy="6" r="4.4" fill="currentColor" />
    case 'warning':
      return (
        <>
          <path d="M6 1a5 5 0 1 0 0 10z" fill="currentColor" />
          <circle cx="6" cy="6" r="4.4" fill="none" stroke="currentColor" strokeWidth="1.2" />
        </>
      )
    case 'bad':
      return <path d="M1.8 1.8l8.4 8.4M10.2 1.8l-8.4 8.4" fill="none" stroke="currentColor" strokeWidth="2.2" />
    case 'unknown':
      return <path d="M6 .8 11.2 6 6 11.2.8 6z" fill="none" stroke="currentColor" strokeWidth="1.5" />
  }
}

interface StatusMarkProps {
  status: Status
  /** Said in its place; left out where a word is beside it. */
  label?: string
  /** Its size, where the usual one does not fit. */
  className?: string
}

/** The shape alone. */
export function StatusMark({ status, label, className }: StatusMarkProps) {
  const accessible = label === undefined ? { 'aria-hidden': true as const } : { role: 'img', 'aria-label': label }
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: a title would show as a tooltip; the label is spread in
    <svg viewBox="0 0 12 12" {...accessible} className={cn('shrink-0', colour[status], className ?? 'size-2.75')}>
      <StatusShape status={status} />
    </svg>
  )
}

interface StatusBadgeProps {
  status: Status
  /** The field's own word for it: Open, Half-open, Lost. */
  children?: ReactNode
  /** Without a tint, for a row without trouble. */
  quiet?: boolean
  className?: string
  title?: string
}

/** Shape, word and colour. */
export function StatusBadge({ status, children, quiet = false, className, title }: StatusBadgeProps) {
  const content = (
    <>
      <StatusMark status={status} />
      <span className="truncate">{children ?? word[status]}</span>
    </>
  )
  if (quiet) {
    return (
      <span
        title={title}
        className={cn(
          'inline-flex max-w-full items-center gap-1.5 py-px text-sm leading-[18px] font-medium',
          colour[status],
          className,
        )}
      >
        {content}
      </span>
    )
  }
  return (
    <Badge tone={status} title={title} className={className}>
      {content}
    </Badge>
  )
}
