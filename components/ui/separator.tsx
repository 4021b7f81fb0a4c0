import { cn } from '@/components/ui/cn'

export function Separator({ vertical = false, className }: { vertical?: boolean; className?: string }) {
  return (
    <div aria-hidden className={cn('shrink-0 bg-line', vertical ? 'w-px self-stretch' : 'h-px w-full', className)} />
  )
}
