import { MiddleTruncate } from '@/components/status/middle-truncate'
import { ShortNumber } from '@/components/status/short-number'
import { type Status, StatusMark } from '@/components/status/status-mark'
import type { CacheInstance } from '@/lib/console/areas/caches/collect'
import { formatExact } from '@/lib/core/number-format'
import { InMemory } from './cache-columns'

/** The cache in each process: hits, what its memory holds, and whether it receives the invalidations of the others. */
export function CacheProcesses({ instances, total }: { instances: readonly CacheInstance[]; total: number }) {
  return (
    <>
      <ul className="text-md">
        {instances.map(instance => {
          const [status, word] = stateOf(instance)
          const { hits = 0, misses = 0 } = instance.totals ?? {}
          return (
            <li
              key={instance.process}
              className="grid min-h-(--row) grid-cols-[12px_minmax(0,1fr)_auto] items-center gap-x-2 border-t border-line px-4 py-1.5 first:border-0"
            >
              <StatusMark status={status} className="size-2.5" />
              <span className="flex min-w-0 items-baseline gap-2">
                <MiddleTruncate text={instance.instance} />
                {/* Where room is short the name stays. */}
                <span className="min-w-0 shrink-9999 truncate text-sm text-muted" title={instance.degraded}>
                  {word}
                </span>
              </span>
              <span className="text-sm tabular-nums text-muted">
                <ShortNumber as="percent" value={hits + misses === 0 ? undefined : hits / (hits + misses)} /> hit,{' '}
                <InMemory group={instance} />
              </span>
            </li>
          )
        })}
      </ul>
      {instances.length < total ? (
        <p className="px-4 py-1 text-sm text-muted">
          The first {formatExact(instances.length)} of {formatExact(total)}.
        </p>
      ) : null}
    </>
  )
}

function stateOf({ silent, degraded, bus }: CacheInstance): [Status, string] {
  if (silent) return ['unknown', 'silent; what it last said']
  if (degraded) return ['warning', degraded]
  if (bus === 'catching-up') return ['warning', 'catching up with invalidations']
  if (bus === 'disconnected') return ['warning', 'does not receive invalidations']
  return ['good', bus === undefined ? '' : 'receives invalidations']
}
