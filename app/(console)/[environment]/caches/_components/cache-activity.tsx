'use client'

import { useOperation } from '@/app/(console)/_frame/catalogue'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { OperationButton } from '@/components/operation/operation-button'
import { Duration } from '@/components/status/duration'
import { type Fact, KeyValue } from '@/components/status/key-value'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { formatBytes, formatExact, formatPercent } from '@/components/status/number-format'
import { RelativeTime } from '@/components/status/relative-time'
import { ShortNumber } from '@/components/status/short-number'
import { StatusMark } from '@/components/status/status-mark'
import type { GroupActivity, NamespaceRow, WarmerRow } from '@/lib/console/areas/caches/group-activity'

/** What the processes of a cache count beyond hits and misses; nothing where their library is older. */
export function CacheActivity({ cache, activity }: { cache: string; activity: GroupActivity }) {
  const facts = factsOf(activity)
  return (
    <>
      {facts.length > 0 ? (
        <Section title="Making values" note="since its processes started">
          <KeyValue facts={facts} className="px-4 pb-1 tabular-nums" />
        </Section>
      ) : null}
      {activity.namespaces.length > 0 ? (
        <Section title="By kind of key" note="up to the first colon">
          <Namespaces rows={activity.namespaces} />
        </Section>
      ) : null}
      {activity.warmers.length > 0 ? (
        <Section title="Warmers">
          <ul className="divide-y divide-line">
            {activity.warmers.map(warmer => (
              <Warmer key={`${warmer.name} ${warmer.instance}`} cache={cache} warmer={warmer} />
            ))}
          </ul>
        </Section>
      ) : null}
    </>
  )
}

function factsOf({ counts, busLag, shrunk }: GroupActivity): Fact[] {
  const said = (name: string, words: string) => (counts[name] ? [{ name, value: counts[name], words }] : [])
  const joined = [
    ...said('joined', 'joined a factory that ran'),
    ...said('waited', 'waited for another process'),
    ...said('takenOver', 'made again because a process stopped'),
  ]
  const served = [
    ...said('graced', 'served past their time'),
    ...said('negative', 'answered as absent'),
    ...said('early', 'refreshed early'),
    ...said('timeouts', 'factories took too long'),
    ...said('otherSchema', 'of another schema'),
  ]
  return [
    ...(joined.length > 0 ? [{ label: 'Shared work', value: <Counts counts={joined} /> }] : []),
    ...(served.length > 0 ? [{ label: 'Exceptions', value: <Counts counts={served} /> }] : []),
    ...(busLag
      ? [
          {
            label: 'Bus lag',
            value: (
              <>
                <span className="text-muted">p50 </span>
                <Duration ms={busLag.p50} />
                <span className="text-muted">, p95 </span>
                <Duration ms={busLag.p95} />
                <span className="text-muted"> in </span>
                {busLag.instance}
              </>
            ),
          },
        ]
      : []),
    ...(shrunk
      ? [
          {
            label: 'Memory',
            value: (
              <>
                {formatExact(shrunk.times)}
                <span className="text-muted"> times shrunk, as the heap filled, in </span>
                {formatExact(shrunk.processes)}
                <span className="text-muted"> {shrunk.processes === 1 ? 'process' : 'processes'}</span>
              </>
            ),
          },
        ]
      : []),
  ]
}

function Counts({ counts }: { counts: readonly { name: string; value: number; words: string }[] }) {
  return (
    <span className="flex flex-wrap gap-x-3">
      {counts.map(({ name, value, words }) => (
        <span key={name}>
          <ShortNumber value={value} /> <span className="text-muted">{words}</span>
        </span>
      ))}
    </span>
  )
}

function Namespaces({ rows }: { rows: readonly NamespaceRow[] }) {
  return (
    <div className="overflow-x-auto px-4">
      <table className="w-full min-w-96 text-md tabular-nums">
        <thead>
          <tr className="text-left text-sm text-muted">
            <th className="py-1 font-normal">Keys</th>
            <th className="py-1 text-right font-normal">Hit ratio</th>
            <th className="py-1 text-right font-normal">Lookups</th>
            <th className="py-1 text-right font-normal">In memory</th>
            <th
              className="py-1 text-right font-normal"
              title="95 % of its factories were faster, in the slowest process"
            >
              Factory p95
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(row => {
            const lookups = row.hits + row.misses
            return (
              <tr key={row.name} className="border-t border-line">
                <td className="max-w-40 py-1 pr-2">
                  {row.name === '*' ? (
                    <span className="text-muted">all others</span>
                  ) : row.name === '' ? (
                    <span className="text-muted">without a colon</span>
                  ) : (
                    <MiddleTruncate text={`${row.name}:`} mono />
                  )}
                </td>
                <td className="py-1 text-right">{lookups === 0 ? '–' : formatPercent(row.hits / lookups)}</td>
                <td className="py-1 text-right">
                  <ShortNumber value={lookups} />
                </td>
                <td className="py-1 text-right" title={`${formatExact(row.entries)} entries`}>
                  {formatBytes(row.bytes)}
                </td>
                <td className="py-1 text-right">{row.p95Ms === undefined ? '–' : <Duration ms={row.p95Ms} />}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

const STATUS = { idle: 'unknown', running: 'good', done: 'good', failed: 'bad' } as const
const WORDS = { idle: 'not run yet', running: 'running', done: 'done', failed: 'failed' } as const

function Warmer({ cache, warmer }: { cache: string; warmer: WarmerRow }) {
  const { name, instance, state, stored, done, total, startedAt, tookMs, error } = warmer
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-1.5 text-md">
      <span className="min-w-0 flex-1">
        <span className="font-medium">{name}</span>{' '}
        <span className="text-sm text-muted">
          <MiddleTruncate text={instance} />
        </span>
      </span>
      <span className="inline-flex items-center gap-1.5 tabular-nums">
        <StatusMark status={STATUS[state]} className="size-2.5" />
        {WORDS[state]}
        {state === 'running' && done !== undefined
          ? `, ${formatExact(done)}${total === undefined ? '' : ` of ${formatExact(total)}`}`
          : null}
        {state === 'done' ? `, ${formatExact(stored)} stored` : null}
        {tookMs === undefined ? null : (
          <>
            {' '}
            <span className="text-muted">in</span> <Duration ms={tookMs} />
          </>
        )}
        {startedAt === undefined ? null : <RelativeTime at={startedAt} className="text-sm text-muted" />}
      </span>
      <OperationButton
        operation={useOperation('cache.warm')}
        input={{ cache, warmer: name }}
        label={
          <span>
            Warm<span className="sr-only"> {name}</span>
          </span>
        }
        subject={cache}
        size="sm"
      />
      {error ? <code className="w-full text-sm break-words">{error}</code> : null}
    </li>
  )
}
