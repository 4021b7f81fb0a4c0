'use client'

import { useEffect, useRef } from 'react'
import { useView } from '@/app/(console)/_frame/use-view'
import { ContentBox } from '@/app/(console)/_parts/content/content-box'
import { SheetWaiting } from '@/app/(console)/_parts/sheets/sheet-waiting'
import { Duration } from '@/components/status/duration'
import { KeyValue } from '@/components/status/key-value'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { PartBoundary } from '@/components/status/part-boundary'
import { StatusMark } from '@/components/status/status-mark'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import type { CachedValue, CacheKeyData } from '@/lib/console/areas/caches/views/cache-key'
import { formatBytes } from '@/lib/core/number-format'
import { KeyCopies } from './key-copies'

interface KeyDetailsProps {
  environment: string
  cache: string
  /** The key as the service names it. */
  name: string
  onClose: () => void
}

/** One entry: what it holds, for how long, and what it is about. */
export function KeyDetails({ environment, cache, name, onClose }: KeyDetailsProps) {
  const { reading, failed } = useView<CacheKeyData>(
    { view: 'cache-key', environment, filters: { cache, key: name } },
    undefined,
  )
  const section = useRef<HTMLElement>(null)
  useEffect(() => section.current?.scrollIntoView({ block: 'nearest' }), [])
  return (
    <section ref={section} aria-label={`Key ${name}`} className="mt-2 border-t border-line py-2">
      <div className="flex items-center gap-2 px-4">
        <h4 className="min-w-0 flex-1 text-md font-semibold">
          <MiddleTruncate text={name} mono />
        </h4>
        <Button size="sm" onClick={onClose}>
          Close key
        </Button>
      </div>
      {reading ? (
        <PartBoundary part={reading.data.key} what="Redis">
          {({ reported, found }) =>
            found ? (
              <Found found={found} />
            ) : (
              <p className="px-4 py-1 text-md text-muted">
                {reported
                  ? 'It is not in Redis: it has expired, was invalidated, or was never stored there.'
                  : 'No process reports this cache at present, so whether it has this key is not known.'}
              </p>
            )
          }
        </PartBoundary>
      ) : (
        <SheetWaiting what="The value" failed={failed} />
      )}
      <KeyCopies environment={environment} cache={cache} name={name} />
    </section>
  )
}

const STATES = {
  fresh: { status: 'good', words: 'fresh' },
  stale: { status: 'warning', words: 'stale: served, and refreshed by the next lookup' },
  grace: { status: 'warning', words: 'past its time: served only where a new value cannot be made' },
} as const

function Found({ found }: { found: CachedValue }) {
  const { status, words } = STATES[found.state]
  return (
    <>
      <KeyValue
        className="px-4 py-2"
        facts={[
          {
            label: 'State',
            value: (
              <span className="inline-flex items-center gap-1.5">
                <StatusMark status={status} className="size-2.5" />
                {words}
              </span>
            ),
          },
          {
            label: 'Expires',
            value:
              found.expiresInMs > 0 ? (
                <>
                  <span className="text-muted">in</span> <Duration ms={found.expiresInMs} />
                </>
              ) : (
                <>
                  <span className="text-muted">removed in</span> <Duration ms={Math.max(0, found.goneInMs)} />
                </>
              ),
          },
          { label: 'Size in Redis', value: formatBytes(found.bytes) },
          ...(found.madeInMs === undefined ? [] : [{ label: 'Made in', value: <Duration ms={found.madeInMs} /> }]),
          ...(found.schema === undefined ? [] : [{ label: 'Schema', value: found.schema }]),
          ...(found.about.length === 0 ? [] : [{ label: 'About', value: found.about.join(', ') }]),
          ...(found.tags.length === 0
            ? []
            : [
                {
                  label: 'Tags',
                  value: (
                    <span className="flex flex-wrap gap-1">
                      {found.tags.map(tag => (
                        <Badge key={tag} tone="outline">
                          {tag}
                        </Badge>
                      ))}
                    </span>
                  ),
                },
              ]),
        ]}
      />
      {found.value ? (
        <ContentBox content={found.value} label="Value" />
      ) : (
        <p className="px-4 text-md text-muted">Its value is no JSON, so it is not shown.</p>
      )}
    </>
  )
}
