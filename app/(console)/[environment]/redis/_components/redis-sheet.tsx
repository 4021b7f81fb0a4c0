'use client'

import { useView } from '@/app/(console)/_frame/use-view'
import { type Trend, Trends } from '@/app/(console)/_parts/series/trends'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { SheetWaiting } from '@/app/(console)/_parts/sheets/sheet-waiting'
import { Capabilities } from '@/app/(console)/_parts/targets/capabilities'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { PartBoundary } from '@/components/status/part-boundary'
import { StatusMark } from '@/components/status/status-mark'
import { Callout } from '@/components/ui/callout'
import { EmptyState } from '@/components/ui/empty-state'
import { SheetBody, SheetHeader } from '@/components/ui/sheet'
import type { RedisServerData } from '@/lib/console/areas/redis/views/redis'
import type { Reading } from '@/lib/console/platform/view/read'
import type { RedisReading } from '@/lib/console/servers/redis/port'
import { formatBytes, formatPercent } from '@/lib/core/number-format'
import { BigKeys } from './big-keys'
import { ClientGroups } from './client-groups'
import { RedisState, redisSeries } from './redis-columns'
import { RedisFacts } from './redis-facts'
import { SlowLog } from './slow-log'

interface RedisSheetProps {
  name: string
  environment: string
  initial: Reading<RedisServerData> | undefined
}

/** One server: how it stands, what was slow, who is connected, and what the account may not ask. */
export function RedisSheet({ name, environment, initial }: RedisSheetProps) {
  const { reading, failed } = useView<RedisServerData>(
    { view: 'redis-server', environment, filters: { name } },
    initial,
  )
  const server = reading?.data.server
  return (
    <>
      <SheetHeader
        title={<MiddleTruncate text={name} />}
        description={server ? <MiddleTruncate text={server.address} mono /> : 'Redis'}
      >
        {server ? (
          <span className="flex h-7 items-center">
            <RedisState reading={server.reading} />
          </span>
        ) : null}
      </SheetHeader>
      <SheetBody>
        <div className="-m-4">
          {reading === undefined ? <SheetWaiting what="The server" failed={failed} /> : null}
          {reading && !server ? (
            <EmptyState title="No Redis is called so">It is not declared in this environment any more.</EmptyState>
          ) : null}
          {server ? (
            <>
              <Trends
                environment={environment}
                trends={trendsOf(name, server.reading.status === 'up' ? server.reading.data : undefined)}
              />
              <PartBoundary part={server.reading} what={`Redis ${name}`}>
                {data => (
                  <>
                    {data.troubles.length > 0 ? (
                      <div className="grid gap-2 p-4 pb-0">
                        {data.troubles.map(trouble => (
                          <Callout key={trouble.kind} tone="warning" mark={<StatusMark status="warning" />}>
                            <p>
                              <b className="font-semibold">It {trouble.text}.</b> {trouble.detail}
                            </p>
                          </Callout>
                        ))}
                      </div>
                    ) : null}
                    <RedisFacts reading={data} prefixes={server.prefixes} />
                  </>
                )}
              </PartBoundary>
              <Section title="Slow log" note="commands and their keys; what was written is left out">
                <PartBoundary part={server.slowLog} what="The slow log">
                  {({ commands }) => <SlowLog commands={commands} />}
                </PartBoundary>
              </Section>
              <Section title="Clients" note="by the name they gave themselves">
                <PartBoundary part={server.clients} what="The list of clients">
                  {({ groups }) => <ClientGroups groups={groups} />}
                </PartBoundary>
              </Section>
              <Section title="Big keys" note="looked for when asked, two seconds at most">
                <BigKeys environment={environment} server={name} />
              </Section>
              {server.reading.status === 'down' ? null : (
                <Capabilities capabilities={server.reading.data.capabilities} />
              )}
            </>
          ) : null}
        </div>
      </SheetBody>
    </>
  )
}

function trendsOf(name: string, now: RedisReading | undefined): Trend[] {
  const of = (series: string) => redisSeries(series, { name })
  return [
    { of: of('redis_used_bytes'), label: 'Memory', now: now?.memory.used, format: formatBytes },
    { of: of('redis_commands'), label: 'Commands', now: now?.commandsPerSecond, unit: '/s' },
    { of: of('redis_hit_ratio'), label: 'Hit ratio lately', format: formatPercent },
    { of: of('redis_evictions'), label: 'Evicted', unit: '/s', tone: 'bad' },
  ]
}
