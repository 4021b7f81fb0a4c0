'use client'

import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import type { Route } from 'next'
import { usePathname, useRouter } from 'next/navigation'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import type { PageEntry } from '@/app/_server/page-list'
import { RunbookBase } from '@/app/(console)/_parts/ownership/runbook-base'
import { DialogHost } from '@/components/operation/dialog-host'
import { OperationsProvider } from '@/components/operation/operations-client'
import { AppShell } from '@/components/shell/app-shell'
import type { EnvironmentChoice, PaletteGroup } from '@/components/shell/shell-props'
import type { ShellData } from '@/lib/console/areas/shell/views/shell'
import type { OperationSummary } from '@/lib/console/platform/operation/wire'
import type { Reading } from '@/lib/console/platform/view/read'
import { CatalogueProvider } from './catalogue'
import { findNames } from './find-names'
import { LiveProvider, useLive } from './live'
import { navigation } from './navigation'
import { operationsClient } from './operations'
import { PersonProvider } from './person'
import { useView } from './use-view'

export interface FrameProps {
  environment: { name: string; production: boolean; demo: boolean }
  environments: { name: string; production: boolean; demo: boolean }[]
  user: { name: string; email: string; role: string }
  operations: OperationSummary[]
  pages: PageEntry[]
  runbookUrl: string | undefined
  shell: Reading<ShellData>
  serverNow: number
  children: ReactNode
}

/** Everything around a page: the live stream, the runner, what the person may do, and the shell around it. */
export function ConsoleFrame(props: FrameProps) {
  const { environment, operations, runbookUrl, children } = props
  const [client] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          queries: {
            staleTime: Number.POSITIVE_INFINITY,
            gcTime: 60_000,
            retry: 1,
            refetchOnWindowFocus: false,
            refetchOnReconnect: true,
          },
        },
      }),
  )
  const runner = useMemo(
    () => operationsClient(environment.name, environment.production),
    [environment.name, environment.production],
  )
  return (
    <QueryClientProvider client={client}>
      <LiveProvider environment={environment.name}>
        <OperationsProvider client={runner}>
          <CatalogueProvider operations={operations}>
            <PersonProvider email={props.user.email}>
              <DialogHost>
                <RunbookBase url={runbookUrl}>
                  <Framed {...props}>{children}</Framed>
                </RunbookBase>
              </DialogHost>
            </PersonProvider>
          </CatalogueProvider>
        </OperationsProvider>
      </LiveProvider>
    </QueryClientProvider>
  )
}

function Framed({ environment, environments, user, operations, pages, shell, serverNow, children }: FrameProps) {
  const router = useRouter()
  const page = usePathname().split('/')[2] ?? 'overview'
  const { reading, failed } = useView<ShellData>(
    {
      view: 'shell',
      environment: environment.name,
      filters: {},
    },
    shell,
  )
  const { freshness, setPaused, noteFeed } = useLive()
  const feed = reading?.data.feed
  const readAt = reading?.at
  useEffect(() => {
    // What cannot be asked for is old, however well the last answer sounded.
    if (failed) noteFeed({ status: 'stale', since: readAt, reason: failed })
    else if (feed) noteFeed(feed)
  }, [failed, readAt, feed, noteFeed])

  const choice = (from: FrameProps['environment']): EnvironmentChoice => ({
    name: from.name,
    kind: from.production ? 'production' : from.demo ? 'demo' : 'other',
    href: `/${from.name}/${page}`,
  })
  const groups: PaletteGroup[] = [
    {
      id: 'operations',
      label: 'Operations',
      items: operations.map(({ id, title, allowed, needs }) => ({
        id,
        label: title,
        keywords: [id],
        denied: allowed ? undefined : `needs the ${needs} role`,
      })),
    },
  ]
  return (
    <AppShell
      nav={navigation(environment.name, pages, (reading ?? shell).data)}
      homeHref={`/${environment.name}/overview`}
      environment={choice(environment)}
      environments={environments.map(choice)}
      freshness={freshness}
      onPauseChange={setPaused}
      user={{ ...user, signOut: '/sign-out' }}
      palette={{
        groups,
        search: (query, signal) => findNames(environment.name, query, operations, signal),
        // An operation begins where its targets are listed; chosen there, it lands on its preview.
        onOperation: id =>
          router.push(
            `/${environment.name}/${operations.find(known => known.id === id)?.place ?? 'overview'}` as Route,
          ),
      }}
      serverNow={serverNow}
    >
      {children}
    </AppShell>
  )
}
