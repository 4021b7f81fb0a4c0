import { SlidersHorizontal } from 'lucide-react'
import { useState } from 'react'
import { ListSearch, ListSelects, type Options, useNarrow } from '@/app/(console)/_parts/list/filter-bar'
import { clearedFilters } from '@/app/(console)/_parts/list/list'
import { useShownList } from '@/app/(console)/_parts/list/use-list'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { TimeRange } from './time-range'

/** More filters than a phone has room for: there they are folded. */
export function AuditFilters({ options }: { options: Options }) {
  const { list, url, chosen } = useShownList()
  const narrow = useNarrow()
  const [unfolded, setUnfolded] = useState(false)
  const folded = chosen.filter(name => name !== 'q').length
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      <ListSearch className="w-64 max-wide:w-auto max-wide:flex-1" />
      <Button aria-expanded={unfolded} className="wide:hidden" onClick={() => setUnfolded(!unfolded)}>
        <SlidersHorizontal aria-hidden />
        Filters{folded > 0 ? ` ${folded}` : ''}
      </Button>
      <div
        className={cn(
          'items-center gap-2 max-wide:w-full max-wide:grid-cols-2 wide:flex wide:flex-wrap',
          unfolded ? 'max-wide:grid' : 'max-wide:hidden',
        )}
      >
        <ListSelects options={options} className="max-w-44 max-wide:max-w-none" />
        <TimeRange from={url.get('from')} to={url.get('to')} onChange={narrow} />
        {chosen.length > 0 ? (
          <Button variant="ghost" onClick={() => url.set(clearedFilters(list))} className="max-wide:col-span-2">
            Clear
          </Button>
        ) : null}
      </div>
    </div>
  )
}
