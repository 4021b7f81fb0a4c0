import { cva, type VariantProps } from 'class-variance-authority'
import type { ComponentProps, ReactNode } from 'react'
import { cn } from '@/components/ui/cn'

const calloutVariants = cva('grid gap-x-2.5 gap-y-1 rounded-lg border px-3 py-2.5 text-md', {
  variants: {
    tone: {
      neutral: 'border-line bg-sunk text-ink',
      accent: 'border-accent/30 bg-accent-soft text-ink',
      warning: 'border-warning/35 bg-warning-soft text-ink',
      bad: 'border-bad/35 bg-bad-soft text-ink',
      unknown: 'border-unknown/35 bg-unknown-soft text-ink',
    },
  },
  defaultVariants: { tone: 'neutral' },
})

interface CalloutProps extends Omit<ComponentProps<'div'>, 'title'>, VariantProps<typeof calloutVariants> {
  title?: ReactNode
  /** A mark before the title; components/status has one a status. */
  mark?: ReactNode
  /** Said at once by a screen reader: for what has just gone wrong, not for what was there on arrival. */
  urgent?: boolean
}

/** Something worth knowing before going on, said where it matters. */
export function Callout({ tone, title, mark, urgent = false, className, children, ...props }: CalloutProps) {
  return (
    <div
      role={urgent ? 'alert' : undefined}
      className={cn(calloutVariants({ tone }), mark ? 'grid-cols-[auto_minmax(0,1fr)]' : 'grid-cols-1', className)}
      {...props}
    >
      {mark ? <span className="flex h-5 items-center">{mark}</span> : null}
      <div className="grid min-w-0 gap-0.5">
        {title ? <p className="font-medium">{title}</p> : null}
        {children}
      </div>
    </div>
  )
}
