import { useState } from 'react'
import { goShallow } from '@/app/(console)/_parts/filters/shallow'
import { ListTable } from '@/app/(console)/_parts/list/list-table'
import { useShownList } from '@/app/(console)/_parts/list/use-list'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import type { AuditRow } from '@/lib/console/areas/audit/views/audit'
import { auditRows } from './audit-columns'

export function AuditTable({ data }: { data: { rows: AuditRow[]; next?: number } }) {
  const { environment, url, asked, chosen, pending } = useShownList()
  // While other rows are awaited, these are still those of the list before.
  const { rows, held, show } = useHeldLines(data.rows, pending ? undefined : JSON.stringify(asked))
  const older = url.get('before') !== undefined
  function turn(before: string | undefined) {
    goShallow(url.href({ before }), 'push')
    window.scrollTo({ top: 0 })
  }
  return (
    <>
      <ListTable
        of={auditRows}
        rows={rows}
        label={`Audit of ${environment}`}
        held={older ? undefined : { count: held, onShow: show }}
        empty={chosen.length > 0 ? undefined : older ? <NothingOlder /> : <NoActs />}
      />
      {older || data.next !== undefined ? (
        <nav
          aria-label="Older and newer acts"
          className="flex items-center justify-between gap-2 border-t border-line px-3.5 py-2"
        >
          {older ? (
            <Button size="sm" onClick={() => turn(undefined)}>
              Newest
            </Button>
          ) : (
            <span />
          )}
          {data.next === undefined ? (
            <span className="text-sm text-muted">This is the first act.</span>
          ) : (
            <Button size="sm" onClick={() => turn(String(data.next))}>
              Older
            </Button>
          )}
        </nav>
      ) : null}
    </>
  )
}

/** Lines that come while the list is read wait, so that nothing moves under the pointer. */
function useHeldLines(rows: AuditRow[], list: string | undefined) {
  const newest = rows[0]?.id ?? 0
  const [shown, setShown] = useState({ list, upTo: newest })
  // Another list, or one that was empty, is shown as it is.
  if (list !== undefined && (shown.list !== list || (shown.upTo === 0 && newest > 0))) setShown({ list, upTo: newest })
  const settled = rows.filter(row => row.id <= shown.upTo)
  return {
    rows: list === undefined ? rows : settled,
    held: list === undefined ? 0 : rows.length - settled.length,
    show: () => setShown({ list, upTo: newest }),
  }
}

/** The button for the newest ones is below it. */
function NothingOlder() {
  return <EmptyState title="There is nothing older" />
}

function NoActs() {
  return (
    <EmptyState title="No acts yet">
      Every act on this environment is recorded before it begins and when it ends, from the console and over REST; so is
      every act that was refused.
    </EmptyState>
  )
}
