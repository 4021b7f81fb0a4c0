import { cva, type VariantProps } from 'class-variance-authority'
import type { ComponentProps } from 'react'
import { cn } from '@/components/ui/cn'

const badgeVariants = cva(
  'inline-flex max-w-full items-center gap-1.5 rounded-[5px] px-1.5 py-px text-sm leading-[18px] font-medium whitespace-nowrap',
  {
    variants: {
      tone: {
        neutral: 'bg-sunk text-muted',
        outline: 'border border-line bg-panel text-muted',
        accent: 'bg-accent-soft text-accent',
        good: 'bg-good-soft text-good',
        warning: 'bg-warning-soft text-warning',
        bad: 'bg-bad-soft text-bad',
        unknown: 'bg-unknown-soft text-unknown',
      },
    },
    defaultVariants: { tone: 'neutral' },
  },
)

export interface BadgeProps extends ComponentProps<'span'>, VariantProps<typeof badgeVariants> {}

export function Badge({ className, tone, ...props }: BadgeProps) {
  return <span className={cn(badgeVariants({ tone }), className)} {...props} />
}
