import type { Metadata } from 'next'
import { readView } from '@/app/_server/view'
import { browseView } from '@/lib/console/areas/database/views/browse'
import { rowsView } from '@/lib/console/areas/database/views/rows'
import { savedQueriesView } from '@/lib/console/areas/database/views/saved-queries'
import { databaseNamed } from '../_components/database-name'
import { DataTab } from './_components/data-tab'
import { NotAllowed } from './_components/not-allowed'

export const metadata: Metadata = { title: 'Data' }

export default async function DataPage({ params, searchParams }: PageProps<'/[environment]/database/[database]/data'>) {
  const { environment, database } = await params
  const name = databaseNamed(database)
  const tables = await readView(browseView, environment, { name })
  if (!tables.data.mayBrowse) return <NotAllowed />
  const [rows, queries] = await Promise.all([
    readView(rowsView, environment, { ...(await searchParams), name }),
    readView(savedQueriesView, environment, { name }),
  ])
  return <DataTab environment={environment} name={name} tables={tables} initial={rows} queries={queries} />
}
