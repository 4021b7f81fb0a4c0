'use client'

import dynamic from 'next/dynamic'
import { useView } from '@/app/(console)/_frame/use-view'
import { goShallow, ShallowLinks } from '@/app/(console)/_parts/filters/shallow'
import { useUrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { Sparklines } from '@/app/(console)/_parts/series/sparklines'
import { BesideSheet } from '@/app/(console)/_parts/sheets/beside-sheet'
import { DataTable } from '@/components/data-table/data-table'
import { PageHeader } from '@/components/shell/page-header'
import { PartDown } from '@/components/status/part-boundary'
import { EmptyState } from '@/components/ui/empty-state'
import { Sheet } from '@/components/ui/sheet'
import type { RedisData, RedisServerData } from '@/lib/console/areas/redis/views/redis'
import type { Reading } from '@/lib/console/platform/view/read'
import { commandsOf, redisColumns, redisSecondary } from './redis-columns'

const RedisSheet = dynamic(() => import('./redis-sheet').then(module => module.RedisSheet))

interface RedisBodyProps {
  environment: string
  initial: Reading<RedisData>
  /** The sheet the address asked for, read on the server. */
  opened?: { name: string; reading: Reading<RedisServerData> }
}

export function RedisBody({ environment, initial, opened }: RedisBodyProps) {
  const { get, href } = useUrlFilters()
  const { reading } = useView<RedisData>({ view: 'redis', environment, filters: {} }, initial)
  const servers = (reading ?? initial).data.servers
  const name = get('server')
  const close = () => goShallow(href({ server: undefined, keys: undefined }))
  return (
    <>
      <BesideSheet open={name !== undefined}>
        <PageHeader title="Redis" />
        {servers.map(({ name: server, reading: part }) =>
          part.status === 'down' ? (
            <div key={server} className="mb-3 overflow-clip rounded-lg border border-line">
              <PartDown what={`Redis ${server}`} part={part} />
            </div>
          ) : null,
        )}
        <ShallowLinks className="overflow-clip rounded-lg border border-line bg-panel">
          <Sparklines environment={environment} keys={name ? [] : servers.map(commandsOf)}>
            <DataTable
              label={`Redis servers of ${environment}`}
              rows={servers}
              rowKey={row => row.name}
              columns={name ? redisColumns.beside : redisColumns.alone}
              rowHref={row => href({ server: row.name, keys: undefined })}
              currentKey={name}
              secondary={redisSecondary}
              empty={
                <EmptyState title="No Redis is watched">
                  Declare servers under <code>redis</code> in <code>substation.config.ts</code>.
                </EmptyState>
              }
            />
          </Sparklines>
        </ShallowLinks>
      </BesideSheet>
      <Sheet aria-label={name} open={name !== undefined} onOpenChange={open => (open ? undefined : close())}>
        {name === undefined ? null : (
          <RedisSheet
            key={name}
            name={name}
            environment={environment}
            initial={opened?.name === name ? opened.reading : undefined}
          />
        )}
      </Sheet>
    </>
  )
}
