'use client'

import { usePathname } from 'next/navigation'
import type { ReactNode } from 'react'
import { useView } from '@/app/(console)/_frame/use-view'
import { PageHeader } from '@/components/shell/page-header'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { AppLink } from '@/components/ui/app-link'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import type { DatabaseData } from '@/lib/console/areas/database/views/database'
import type { Reading } from '@/lib/console/platform/view/read'
import { shortAddress } from '../../_components/database-columns'
import { ServerState } from '../../_components/server-state'
import { databaseTabs } from './database-tabs'

interface DatabaseFrameProps {
  environment: string
  name: string
  initial: Reading<DatabaseData>
  /** The chosen tab. */
  children: ReactNode
}

/** What stands above the tabs of a database. */
export function DatabaseFrame({ environment, name, initial, children }: DatabaseFrameProps) {
  const { reading } = useView<DatabaseData>({ view: 'database', environment, filters: { name } }, initial)
  const database = (reading ?? initial).data.database
  const all = (
    <Button asChild>
      <AppLink href={`/${environment}/database`}>All databases</AppLink>
    </Button>
  )
  if (!database)
    return (
      <>
        <PageHeader title={name} actions={all} />
        <EmptyState title="No database has this name">It is not declared in this environment.</EmptyState>
      </>
    )
  return (
    <>
      <PageHeader
        title={name}
        mark={<ServerState row={database} />}
        note={<MiddleTruncate text={shortAddress(database.address)} mono />}
        actions={all}
      />
      <Tabs base={`/${environment}/database/${encodeURIComponent(name)}`} />
      {children}
    </>
  )
}

function Tabs({ base }: { base: string }) {
  const pathname = usePathname()
  return (
    <nav aria-label="Of this database" className="mb-4 flex gap-1 overflow-x-auto border-b border-line">
      {databaseTabs.map(({ folder, label }) => {
        const href = folder === '' ? base : `${base}/${folder}`
        return (
          <AppLink
            key={folder}
            href={href}
            aria-current={pathname === href ? 'page' : undefined}
            className="-mb-px shrink-0 border-b-2 border-transparent px-3 py-2 text-md text-muted hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink"
          >
            {label}
          </AppLink>
        )
      })}
    </nav>
  )
}
