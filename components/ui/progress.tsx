import { cn } from '@/components/ui/cn'

interface ProgressProps {
  label: string
  /** Left out when the end is not known: then it moves without saying how far. */
  value?: number
  max?: number
  className?: string
}

export function Progress({ label, value, max = 100, className }: ProgressProps) {
  const share = value === undefined || max <= 0 ? undefined : Math.min(1, Math.max(0, value / max))
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={share === undefined ? undefined : max}
      aria-valuenow={share === undefined ? undefined : value}
      className={cn('h-1.5 overflow-hidden rounded-full bg-sunk', className)}
    >
      <div
        className={cn(
          'h-full rounded-full bg-accent transition-[width] duration-300',
          share === undefined && 'w-1/3 animate-breathe',
        )}
        style={share === undefined ? undefined : { width: `${share * 100}%` }}
      />
    </div>
  )
}
