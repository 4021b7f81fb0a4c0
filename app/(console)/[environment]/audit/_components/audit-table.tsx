import { useState } from 'react'
import { goShallow } from '@/app/(console)/_parts/filters/shallow'
import { DataTable } from '@/components/data-table/data-table'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import type { AuditRow } from '@/lib/console/areas/audit/views/audit'
import { auditColumns, auditSecondary } from './audit-columns'
import { FILTERS } from './audit-filters'

interface AuditTableProps {
  data: { rows: AuditRow[]; next?: number }
  environment: string
  /** Which list these rows are; undefined while the rows of the one asked for are on their way. */
  list: string | undefined
  beside: boolean
  current: string | undefined
  get: (name: string) => string | undefined
  href: (patch: Record<string, string | undefined>) => string
}

export function AuditTable({ data, environment, list, beside, current, get, href }: AuditTableProps) {
  const { rows, held, show } = useHeldLines(data.rows, list)
  const filtered = FILTERS.some(name => get(name))
  const older = get('before') !== undefined
  function turn(before: string | undefined) {
    goShallow(href({ before }), 'push')
    window.scrollTo({ top: 0 })
  }
  return (
    <>
      <DataTable
        label={`Audit of ${environment}`}
        rows={rows}
        rowKey={row => String(row.id)}
        columns={beside ? auditColumns.beside : auditColumns.alone}
        rowHref={row => href({ run: row.run })}
        currentKey={rows.find(row => row.run === current)?.id.toString()}
        secondary={auditSecondary}
        held={older ? undefined : { count: held, onShow: show }}
        empty={filtered || older ? <NoMatch filtered={filtered} href={href} /> : <NoActs />}
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

function NoMatch({ filtered, href }: { filtered: boolean; href: AuditTableProps['href'] }) {
  const clear = Object.fromEntries([...FILTERS, 'before'].map(name => [name, undefined]))
  return (
    <EmptyState
      title={filtered ? 'No act matches' : 'There is nothing older'}
      action={<Button onClick={() => goShallow(href(clear))}>{filtered ? 'Clear the filters' : 'Newest'}</Button>}
    >
      {filtered ? 'Acts were recorded; none matches all filters.' : null}
    </EmptyState>
  )
}

function NoActs() {
  return (
    <EmptyState title="No acts yet">
      Every act on this environment is recorded before it begins and when it ends, from the console and over REST; so is
      every act that was refused.
    </EmptyState>
  )
}
