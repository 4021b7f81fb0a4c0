import { cva, type VariantProps } from 'class-variance-authority'
import { Slot } from 'radix-ui/slot'
import type { ComponentProps } from 'react'
import { cn } from '@/components/ui/cn'

export const buttonVariants = cva(
  'inline-flex items-center justify-center gap-1.5 rounded-md border font-medium transition-colors select-none disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:cursor-not-allowed aria-disabled:border-line aria-disabled:bg-sunk aria-disabled:text-faint [&_svg]:size-3.5 [&_svg]:shrink-0',
  {
    variants: {
      variant: {
        outline: 'border-line bg-panel text-ink hover:bg-sunk',
        primary: 'border-accent bg-accent text-on-accent hover:opacity-90',
        danger: 'border-bad bg-panel text-bad hover:bg-bad-soft',
        'danger-solid': 'border-bad bg-bad text-on-bad hover:opacity-90',
        /** An outline whose words stay in the background. */
        quiet: 'border-line bg-panel text-muted hover:bg-sunk hover:text-ink',
        ghost: 'border-transparent bg-transparent text-muted hover:bg-sunk hover:text-ink',
      },
      size: {
        md: 'px-2.5 text-sm touch:px-3.5 touch:text-md',
        sm: 'px-2 text-sm touch:px-3',
        icon: 'size-(--control) shrink-0 p-0',
        'icon-sm': 'size-6 shrink-0 p-0 touch:size-(--control)',
      },
      /** `wrap`: words that do not fit, as on a phone, go on in a second line. */
      lines: {
        one: 'whitespace-nowrap',
        wrap: 'max-w-full shrink-0 py-1 text-balance',
      },
    },
    compoundVariants: [
      { size: 'md', lines: 'one', class: 'h-(--control)' },
      { size: 'md', lines: 'wrap', class: 'min-h-(--control)' },
      { size: 'sm', lines: 'one', class: 'h-6 touch:h-(--control)' },
      { size: 'sm', lines: 'wrap', class: 'min-h-6 touch:min-h-(--control)' },
    ],
    defaultVariants: { variant: 'outline', size: 'md', lines: 'one' },
  },
)

export interface ButtonProps extends ComponentProps<'button'>, VariantProps<typeof buttonVariants> {
  /** Puts the button's looks on its only child, a link for instance. */
  asChild?: boolean
}

export function Button({ className, variant, size, lines, asChild = false, type = 'button', ...props }: ButtonProps) {
  const classes = cn(buttonVariants({ variant, size, lines }), className)
  if (asChild) return <Slot className={classes} {...props} />
  return <button type={type} className={classes} {...props} />
}
