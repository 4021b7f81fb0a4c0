'use client'

import dynamic from 'next/dynamic'
import { useOperation } from '@/app/(console)/_frame/catalogue'
import { useView } from '@/app/(console)/_frame/use-view'
import type { UrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { type Trend, Trends } from '@/app/(console)/_parts/series/trends'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { SheetWaiting } from '@/app/(console)/_parts/sheets/sheet-waiting'
import { OperationButton } from '@/components/operation/operation-button'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { PartBoundary } from '@/components/status/part-boundary'
import { EmptyState } from '@/components/ui/empty-state'
import { SheetBody, SheetFooter, SheetHeader } from '@/components/ui/sheet'
import type { CacheInstance } from '@/lib/console/areas/caches/collect'
import type { CacheGroup } from '@/lib/console/areas/caches/group'
import type { CacheData } from '@/lib/console/areas/caches/views/cache'
import type { Reading } from '@/lib/console/platform/view/read'
import { formatExact, formatPercent } from '@/lib/core/number-format'
import { CacheActivity } from './cache-activity'
import { CacheState, callsKey, hitRatioKey } from './cache-columns'
import { CacheFacts } from './cache-facts'
import { CacheProcesses } from './cache-processes'
import { HotKeys } from './hot-keys'
import { firstWhere, InvalidateForm, type InvalidateInput } from './invalidate-form'
import { KeyFinder } from './key-finder'
import { KeySizes } from './key-sizes'
import { SwitchActs } from './switch-acts'
import { SwitchedNotice } from './switched-notice'

const CacheCharts = dynamic(() => import('./cache-charts').then(module => module.CacheCharts))
// Comes when a key is opened.
const KeyDetails = dynamic(() => import('./key-details').then(module => module.KeyDetails))

interface CacheSheetProps {
  name: string
  environment: string
  initial: Reading<CacheData> | undefined
  url: UrlFilters
}

/** One cache in every process, the keys it has in Redis, and what can be invalidated. */
export function CacheSheet({ name, environment, initial, url }: CacheSheetProps) {
  const { reading, failed } = useView<CacheData>({ view: 'cache', environment, filters: { name } }, initial)
  const cache = reading?.data.cache
  const openedKey = url.get('key')
  const openKey = (key: string) => url.set({ key })
  const group = cache && cache.status !== 'down' ? cache.data.group : undefined
  // How other libraries keep their entries is not known here, so there are no keys to look at.
  const shared = group?.adopted === undefined && group?.layers.includes('l2')
  return (
    <>
      <SheetHeader
        title={<MiddleTruncate text={name} />}
        description={group ? <MiddleTruncate text={`Used by ${group.services.join(', ')}`} /> : 'Cache'}
      >
        {group && cache?.status === 'up' ? (
          <span className="flex h-7 items-center">
            <CacheState group={group} />
          </span>
        ) : null}
      </SheetHeader>
      {group && cache && cache.status !== 'down' ? (
        <Acts
          cache={name}
          instances={cache.data.instances}
          processes={group.processes}
          switched={cache.data.activity.switched !== undefined}
          adopted={group.adopted}
        />
      ) : null}
      <SheetBody>
        <div className="-m-4">
          {cache === undefined ? <SheetWaiting what="The cache" failed={failed} /> : null}
          {cache && reading ? (
            <PartBoundary part={cache} what={`The fleet of ${environment}`}>
              {data =>
                data.group ? (
                  <>
                    <Trends environment={environment} trends={trendsOf(data.group)} />
                    <SwitchedNotice switched={data.activity.switched} processes={data.group.processes} />
                    <CacheFacts group={data.group} shared={reading.data.shared} busLag={data.activity.busLag} />
                    <CacheActivity cache={name} activity={data.activity} />
                    <Section title="Processes" note={formatExact(data.total)}>
                      <CacheProcesses instances={data.instances} total={data.total} />
                    </Section>
                    {data.group.calls === undefined ? null : (
                      <CacheCharts environment={environment} group={data.group} url={url} />
                    )}
                    {data.group.adopted ? null : (
                      <HotKeys hotKeys={reading.data.hotKeys} {...(shared ? { onOpen: openKey } : {})} />
                    )}
                    {shared ? <KeySizes environment={environment} cache={name} onOpen={openKey} /> : null}
                    {shared ? (
                      <Section title="Keys in Redis" note="counted when asked">
                        <KeyFinder environment={environment} cache={name} onOpen={openKey} />
                        {openedKey === undefined ? null : (
                          <KeyDetails
                            key={openedKey}
                            environment={environment}
                            cache={name}
                            name={openedKey}
                            onClose={() => url.set({ key: undefined })}
                          />
                        )}
                      </Section>
                    ) : null}
                  </>
                ) : (
                  <EmptyState title="No process has this cache">
                    Those that had it have left, or it goes by another name now.
                  </EmptyState>
                )
              }
            </PartBoundary>
          ) : null}
        </div>
      </SheetBody>
    </>
  )
}

interface ActsProps {
  cache: string
  instances: readonly CacheInstance[]
  processes: number
  switched: boolean
  adopted: CacheGroup['adopted']
}

function Acts({ cache, instances, processes, switched, adopted }: ActsProps) {
  const can = adopted?.can.map(({ by }) => by)
  const invalidate = useOperation('cache.invalidate')
  return (
    <SheetFooter className="justify-start">
      <OperationButton<InvalidateInput>
        operation={invalidate}
        input={{ cache, where: firstWhere(can) }}
        label="Invalidate…"
        subject={cache}
        variant="danger"
      >
        {form => <InvalidateForm form={form} can={can} />}
      </OperationButton>
      {adopted ? null : <SwitchActs cache={cache} instances={instances} switched={switched} />}
      <span className="text-sm text-muted">
        {invalidate.allowed ? reachWords(processes, adopted) : `needs the ${invalidate.needs} role`}
      </span>
    </SheetFooter>
  )
}

function reachWords(processes: number, adopted: CacheGroup['adopted']): string {
  const all = processes === 1 ? 'its one process' : `all ${formatExact(processes)} processes`
  if (!adopted) return `in Redis and in ${all}`
  return `in ${all}, by ${adopted.kind}. Its lookups do not pass through this library, so it is not switched off or warmed here.`
}

function trendsOf(group: CacheGroup): Trend[] {
  const ratio = (layer: 'any' | 'l1' | 'l2', label: string): Trend => ({
    of: hitRatioKey(group, layer),
    label,
    format: formatPercent,
  })
  // Nothing counts the lookups of some caches of other libraries.
  if (group.calls === undefined) return []
  return [
    ratio('any', 'Hit ratio lately'),
    ...(group.layers.includes('l1') ? [ratio('l1', 'Hit in memory')] : []),
    ...(group.layers.includes('l2') ? [ratio('l2', group.adopted ? 'Hit in its store' : 'Hit in Redis')] : []),
    { of: callsKey(group), label: 'Lookups', unit: '/s' },
  ]
}
