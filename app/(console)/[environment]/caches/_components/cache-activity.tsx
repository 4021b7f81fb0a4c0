'use client'

import { useOperation } from '@/app/(console)/_frame/catalogue'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { OperationButton } from '@/components/operation/operation-button'
import { Duration } from '@/components/status/duration'
import { type Fact, KeyValue } from '@/components/status/key-value'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { RelativeTime } from '@/components/status/relative-time'
import { ShortNumber } from '@/components/status/short-number'
import { StatusMark } from '@/components/status/status-mark'
import type { GroupActivity, NamespaceRow, WarmerRow } from '@/lib/console/areas/caches/group-activity'
import { formatBytes, formatExact, formatPercent } from '@/lib/core/number-format'
import { FiguresTable } from './figures-table'
import { NamespaceName } from './namespace-name'

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
      <SlowestFactories rows={activity.namespaces} />
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

function factsOf({ counts, shrunk }: GroupActivity): Fact[] {
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
    <FiguresTable
      columns={[{ header: 'Keys' }, { header: 'Hit ratio' }, { header: 'Lookups' }, { header: 'In memory' }]}
      rows={rows.map(row => {
        const lookups = row.hits + row.misses
        return {
          key: row.name,
          cells: [
            <NamespaceName key="name" name={row.name} />,
            lookups === 0 ? '–' : formatPercent(row.hits / lookups),
            <ShortNumber key="lookups" value={lookups} />,
            <span key="bytes" title={`${formatExact(row.entries)} entries`}>
              {formatBytes(row.bytes)}
            </span>,
          ],
        }
      })}
    />
  )
}

/** So many of the slowest. */
const SLOWEST = 8

/** By the process in which they are slowest: percentiles are not added up. */
function SlowestFactories({ rows }: { rows: readonly NamespaceRow[] }) {
  const slowest = rows
    .filter(({ made, slowestMs }) => made > 0 && slowestMs !== undefined)
    .sort((a, b) => (b.p95Ms ?? b.slowestMs ?? 0) - (a.p95Ms ?? a.slowestMs ?? 0))
    .slice(0, SLOWEST)
  if (slowest.length === 0) return null
  return (
    <Section title="Slowest factories" note="in their slowest process">
      <FiguresTable
        columns={[
          { header: 'Keys' },
          { header: 'Made', hint: 'Values made, in all processes' },
          { header: 'Failed' },
          { header: 'p95', hint: '95 % were faster' },
          { header: 'Slowest' },
        ]}
        rows={slowest.map(({ name, made, failed, p95Ms, slowestMs }) => ({
          key: name,
          cells: [
            <NamespaceName key="name" name={name} />,
            <ShortNumber key="made" value={made} />,
            failed === 0 ? (
              '0'
            ) : (
              <span key="failed" className="text-bad">
                <ShortNumber value={failed} />
              </span>
            ),
            <Duration key="p95" ms={p95Ms} />,
            <Duration key="slowest" ms={slowestMs} />,
          ],
        }))}
      />
    </Section>
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
