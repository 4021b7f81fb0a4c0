import type { ComponentProps } from 'react'
import { cn } from '@/components/ui/cn'

/** Plain table parts, for short lists that neither sort nor open. Anything longer is a DataTable. */
export function Table({ className, ...props }: ComponentProps<'table'>) {
  return <table className={cn('w-full border-collapse text-md', className)} {...props} />
}

export function TableHead({ className, ...props }: ComponentProps<'th'>) {
  return (
    <th
      scope="col"
      className={cn(
        'h-8 border-b border-line px-3 text-left text-sm font-medium whitespace-nowrap text-faint',
        className,
      )}
      {...props}
    />
  )
}

export function TableRow({ className, ...props }: ComponentProps<'tr'>) {
  return <tr className={cn('border-b border-line last:border-0', className)} {...props} />
}

export function TableCell({ className, ...props }: ComponentProps<'td'>) {
  return <td className={cn('h-(--row) px-3 py-1', className)} {...props} />
}
