'use client'

import { ListSearch } from '@/app/(console)/_parts/list/filter-bar'
import type { List } from '@/app/(console)/_parts/list/list'
import { ListFrame } from '@/app/(console)/_parts/list/list-frame'
import { NoMatch } from '@/app/(console)/_parts/list/no-match'
import { TitledPanel } from '@/app/(console)/_parts/list/titled-panel'
import { useList } from '@/app/(console)/_parts/list/use-list'
import { Panel } from '@/components/status/panel'
import { PartBoundary } from '@/components/status/part-boundary'
import type { DatabaseSettingsData, SettingsState } from '@/lib/console/areas/database/views/settings'
import type { Reading } from '@/lib/console/platform/view/read'
import { formatExact } from '@/lib/core/number-format'
import { AdviceList } from './advice-list'
import { Overrides, SettingsTable } from './settings-table'

const settingsList: List = { view: 'database-settings', search: 'Filter settings' }

interface SettingsBodyProps {
  environment: string
  name: string
  initial: Reading<DatabaseSettingsData>
}

/** What should be set otherwise, and what is. */
export function SettingsBody({ environment, name, initial }: SettingsBodyProps) {
  const list = useList(settingsList, environment, initial, { name })
  const { settings } = list.data
  if (!settings) return null
  return (
    <ListFrame list={list}>
      {settings.status === 'down' ? (
        <Panel title="Settings">
          <PartBoundary part={settings} what={`Postgres ${name}`}>
            {() => null}
          </PartBoundary>
        </Panel>
      ) : (
        <PartBoundary part={settings} what={`Postgres ${name}`} className="grid grid-cols-1 gap-3">
          {data => <Known settings={data} />}
        </PartBoundary>
      )}
    </ListFrame>
  )
}

function Known({ settings: { advice, rows, differing, overrides, managedBy } }: { settings: SettingsState }) {
  return (
    <div className="grid grid-cols-1 gap-4">
      <AdviceList advice={advice} managedBy={managedBy} />
      <TitledPanel
        title="Differ from their defaults"
        note={formatExact(differing)}
        actions={<ListSearch className="w-56 max-wide:w-40" />}
      >
        {rows.length === 0 ? <NoMatch noun={['setting', 'settings']} /> : <SettingsTable rows={rows} />}
      </TitledPanel>
      {overrides.length > 0 ? <Overrides overrides={overrides} /> : null}
    </div>
  )
}
