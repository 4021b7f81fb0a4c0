'use client'

import { useView } from '@/app/(console)/_frame/use-view'
import { KeyValue } from '@/components/status/key-value'
import { formatExact } from '@/components/status/number-format'
import { Panel } from '@/components/status/panel'
import { PartBoundary } from '@/components/status/part-boundary'
import { RelativeTime } from '@/components/status/relative-time'
import type { DatabaseData } from '@/lib/console/areas/database/views/database'
import type { Reading } from '@/lib/console/platform/view/read'

interface OverviewTabProps {
  environment: string
  name: string
  initial: Reading<DatabaseData>
}

export function OverviewTab({ environment, name, initial }: OverviewTabProps) {
  const { reading } = useView<DatabaseData>({ view: 'database', environment, filters: { name } }, initial)
  const database = (reading ?? initial).data.database
  if (!database) return null
  return (
    <Panel title="Server">
      <PartBoundary part={database.server} what={`Postgres ${name}`}>
        {server => (
          <KeyValue
            className="p-3.5 tabular-nums"
            facts={[
              { label: 'Version', value: `Postgres ${server.version}, ${server.role}` },
              { label: 'Started', value: <RelativeTime at={server.startedAt} /> },
              { label: 'Account', value: <code>{server.account}</code> },
              { label: 'Database', value: <code>{server.database}</code> },
              {
                label: 'Connections',
                value: `${formatExact(server.connections)} of ${formatExact(server.maxConnections)}`,
              },
            ]}
          />
        )}
      </PartBoundary>
    </Panel>
  )
}
