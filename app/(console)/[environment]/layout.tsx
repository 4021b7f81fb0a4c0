import { notFound } from 'next/navigation'
import { running } from '@/app/_server/boot'
import { catalogueFor } from '@/app/_server/catalogue'
import { pagesOf } from '@/app/_server/page-list'
import { currentPath, readView } from '@/app/_server/view'
import { admitted } from '@/app/_server/visitor'
import { ConsoleFrame } from '@/app/(console)/_frame/console-frame'
import { shellView } from '@/lib/console/areas/shell/views/shell'

export default async function EnvironmentLayout({ children, params }: LayoutProps<'/[environment]'>) {
  const { environment: name } = await params
  const { console } = await running()
  const environment = console.environment(name)
  if (!environment) notFound()
  const actor = await admitted(await currentPath(name))
  const shell = await readView(shellView, name)
  const pick = ({ name, production, demo }: { name: string; production: boolean; demo: boolean }) => ({
    name,
    production,
    demo,
  })
  return (
    <ConsoleFrame
      environment={pick(environment.settings)}
      environments={console.settings.environments.map(pick)}
      user={{ name: actor.name, email: actor.email, role: actor.role }}
      operations={catalogueFor(console, actor)}
      pages={pagesOf(console.areas)}
      runbookUrl={console.settings.runbookUrl}
      shell={shell}
      serverNow={Date.now()}
    >
      {children}
    </ConsoleFrame>
  )
}
