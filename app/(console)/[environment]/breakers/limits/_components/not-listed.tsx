import { MiddleTruncate } from '@/components/status/middle-truncate'
import { EmptyState } from '@/components/ui/empty-state'
import { SheetBody, SheetHeader } from '@/components/ui/sheet'

/** In place of what an address names and the list does not have. */
export function NotListed({ name, filtered }: { name: string; filtered: boolean }) {
  return (
    <>
      <SheetHeader title={<MiddleTruncate text={name} />} />
      <SheetBody>
        <EmptyState title={filtered ? 'It does not match the filters' : 'No living process has it'}>
          {filtered
            ? 'Without the filters above the list it is shown, if a living process has it.'
            : 'Processes that had it have stopped, or it has another name now.'}
        </EmptyState>
      </SheetBody>
    </>
  )
}
