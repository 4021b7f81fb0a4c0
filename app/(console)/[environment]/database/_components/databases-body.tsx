'use client'

import type { List } from '@/app/(console)/_parts/list/list'
import { ListFrame } from '@/app/(console)/_parts/list/list-frame'
import { ListPanel } from '@/app/(console)/_parts/list/list-panel'
import { useList } from '@/app/(console)/_parts/list/use-list'
import { Sparklines } from '@/app/(console)/_parts/series/sparklines'
import { DataTable } from '@/components/data-table/data-table'
import { PartDown } from '@/components/status/part-boundary'
import { Callout } from '@/components/ui/callout'
import { EmptyState } from '@/components/ui/empty-state'
import type { DatabasesData } from '@/lib/console/areas/database/views/databases'
import type { Reading } from '@/lib/console/platform/view/read'
import { DatabaseSecondary, databaseColumns, transactionsOf } from './database-columns'

const databasesList: List = { view: 'databases' }
const ON_SESSIONS = ['database.cancel', 'database.terminate'] as const

export function DatabasesBody({ environment, initial }: { environment: string; initial: Reading<DatabasesData> }) {
  const list = useList(databasesList, environment, initial)
  const { databases } = list.data
  // The palette knows the act and not the session.
  const act = ON_SESSIONS.find(id => id === list.url.get('act'))
  return (
    <ListFrame list={list} title="Databases">
      {act ? (
        <Callout tone="accent" className="mb-3">
          <p>
            <span className="font-medium">Choose the database, then the session.</span> Nothing happens before you have
            seen what it would do.
          </p>
        </Callout>
      ) : null}
      {databases.map(({ name, server }) =>
        server.status === 'down' ? (
          <div key={name} className="mb-3 overflow-clip rounded-lg border border-line">
            <PartDown what={`Postgres ${name}`} part={server} />
          </div>
        ) : null,
      )}
      <ListPanel>
        <Sparklines environment={environment} keys={databases.map(transactionsOf)}>
          <DataTable
            label={`Databases of ${environment}`}
            rows={databases}
            rowKey={row => row.name}
            columns={databaseColumns}
            rowHref={row =>
              `/${environment}/database/${encodeURIComponent(row.name)}${act ? `/activity?act=${act}` : ''}`
            }
            secondary={row => <DatabaseSecondary row={row} />}
            empty={
              <EmptyState title="No database is watched">
                Declare databases under <code>databases</code> in <code>substation.config.ts</code>.
              </EmptyState>
            }
          />
        </Sparklines>
      </ListPanel>
    </ListFrame>
  )
}
