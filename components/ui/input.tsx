import type { ComponentProps } from 'react'
import { cn } from '@/components/ui/cn'

export const fieldClasses =
  'w-full min-w-0 rounded-md border border-line-strong bg-panel px-2.5 text-md text-ink transition-colors disabled:cursor-not-allowed disabled:bg-sunk disabled:text-faint aria-invalid:border-bad aria-invalid:outline-bad touch:text-xl'

export function Input({ className, type = 'text', ...props }: ComponentProps<'input'>) {
  return <input type={type} className={cn(fieldClasses, 'h-8 touch:h-(--control)', className)} {...props} />
}
