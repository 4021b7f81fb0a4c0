import type { Metadata } from 'next'
import { readView } from '@/app/_server/view'
import { tableView } from '@/lib/console/areas/database/views/table'
import { tablesView } from '@/lib/console/areas/database/views/tables'
import { databaseNamed } from '../_components/database-name'
import { TablesTab } from './_components/tables-tab'

export const metadata: Metadata = { title: 'Tables' }

export default async function TablesPage({
  params,
  searchParams,
}: PageProps<'/[environment]/database/[database]/tables'>) {
  const { environment, database } = await params
  const name = databaseNamed(database)
  const raw = await searchParams
  const [schema, table] = [raw.schema, raw.table].map(value => [value].flat().at(-1))
  const [initial, reading] = await Promise.all([
    readView(tablesView, environment, { ...raw, name }),
    schema && table ? readView(tableView, environment, { name, schema, table }) : undefined,
  ])
  return (
    <TablesTab
      environment={environment}
      name={name}
      initial={initial}
      opened={schema && table && reading ? { schema, table, reading } : undefined}
    />
  )
}
