'use client'

import { Star } from 'lucide-react'
import { useShownList } from '@/app/(console)/_parts/list/use-list'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import type { QueueRow } from '@/lib/console/areas/queues/views/queues'
import { useFavourite } from './favourites'

interface FavouriteStarProps {
  environment: string
  row: Pick<QueueRow, 'server' | 'key' | 'title'>
}

/** Makes a queue a favourite on this device, or no longer. */
export function FavouriteStar({ environment, row }: FavouriteStarProps) {
  const { isFavourite, toggle } = useFavourite(environment, row)
  return (
    <Button
      size="icon"
      variant="ghost"
      aria-pressed={isFavourite}
      aria-label={`Favourite: ${row.title}`}
      title={isFavourite ? 'A favourite in this browser: listed first' : 'Make it a favourite in this browser'}
      onClick={toggle}
      className="relative z-1"
    >
      <Star aria-hidden className={cn('size-3.5', isFavourite ? 'fill-current text-accent' : 'text-faint')} />
    </Button>
  )
}

/** In a row of the list. */
export function RowStar({ row }: { row: QueueRow }) {
  const { environment } = useShownList()
  return <FavouriteStar environment={environment} row={row} />
}
