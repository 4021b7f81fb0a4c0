import { readView } from '@/app/_server/view'
import { databaseView } from '@/lib/console/areas/database/views/database'
import { DatabaseFrame } from './_components/database-frame'
import { databaseNamed } from './_components/database-name'

export default async function DatabaseLayout({ children, params }: LayoutProps<'/[environment]/database/[database]'>) {
  const { environment, database } = await params
  const name = databaseNamed(database)
  const initial = await readView(databaseView, environment, { name })
  return (
    <DatabaseFrame environment={environment} name={name} initial={initial}>
      {children}
    </DatabaseFrame>
  )
}
