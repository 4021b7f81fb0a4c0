'use client'

import dynamic from 'next/dynamic'
import type { List } from '@/app/(console)/_parts/list/list'
import { ListPage } from '@/app/(console)/_parts/list/list-page'
import { ListPanel } from '@/app/(console)/_parts/list/list-panel'
import { ListTable } from '@/app/(console)/_parts/list/list-table'
import { useList } from '@/app/(console)/_parts/list/use-list'
import { PartDown } from '@/components/status/part-boundary'
import { EmptyState } from '@/components/ui/empty-state'
import type { RedisData, RedisServerData } from '@/lib/console/areas/redis/views/redis'
import type { Reading } from '@/lib/console/platform/view/read'
import { redisRows } from './redis-columns'

const RedisSheet = dynamic(() => import('./redis-sheet').then(module => module.RedisSheet))

const redisList: List = { view: 'redis', sheet: ['server'] }

interface RedisBodyProps {
  environment: string
  initial: Reading<RedisData>
  /** The sheet the address asked for, read on the server. */
  opened?: { name: string; reading: Reading<RedisServerData> }
}

export function RedisBody({ environment, initial, opened }: RedisBodyProps) {
  const list = useList(redisList, environment, initial)
  const { servers } = list.data
  const name = list.url.get('server')
  return (
    <ListPage
      list={list}
      title="Redis"
      sheet={
        name ? (
          <RedisSheet
            key={name}
            name={name}
            environment={environment}
            initial={opened?.name === name ? opened.reading : undefined}
          />
        ) : null
      }
    >
      {servers.map(({ name: server, reading: part }) =>
        part.status === 'down' ? (
          <div key={server} className="mb-3 overflow-clip rounded-lg border border-line">
            <PartDown what={`Redis ${server}`} part={part} />
          </div>
        ) : null,
      )}
      <ListPanel>
        <ListTable
          of={redisRows}
          rows={servers}
          label={`Redis servers of ${environment}`}
          empty={
            <EmptyState title="No Redis is watched">
              Declare servers under <code>redis</code> in <code>substation.config.ts</code>.
            </EmptyState>
          }
        />
      </ListPanel>
    </ListPage>
  )
}
