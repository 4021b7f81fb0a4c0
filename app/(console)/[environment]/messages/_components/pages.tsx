import { goShallow } from '@/app/(console)/_parts/filters/shallow'
import { useShownList } from '@/app/(console)/_parts/list/use-list'
import { Button } from '@/components/ui/button'

/** To older rows and back to the newest. `next`: where the next page begins; `last`: said on the last one. */
export function Pages({ next, last }: { next: string | undefined; last: string }) {
  const { url } = useShownList()
  const older = url.get('before') !== undefined
  function turn(before: string | undefined) {
    goShallow(url.href({ before }), 'push')
    window.scrollTo({ top: 0 })
  }
  if (!older && next === undefined) return null
  return (
    <nav
      aria-label="Older and newer"
      className="flex items-center justify-between gap-2 border-t border-line px-3.5 py-2"
    >
      {older ? (
        <Button size="sm" onClick={() => turn(undefined)}>
          Newest
        </Button>
      ) : (
        <span />
      )}
      {next === undefined ? (
        <span className="text-sm text-muted">{last}</span>
      ) : (
        <Button size="sm" onClick={() => turn(next)}>
          Older
        </Button>
      )}
    </nav>
  )
}
