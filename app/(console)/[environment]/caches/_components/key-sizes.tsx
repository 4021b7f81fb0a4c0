'use client'

import { KeySearch } from '@/app/(console)/_parts/keys/key-search'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { PartBoundary } from '@/components/status/part-boundary'
import { ShortNumber } from '@/components/status/short-number'
import { Badge } from '@/components/ui/badge'
import type { CacheSizesData } from '@/lib/console/areas/caches/views/cache-sizes'
import { formatBytes, formatExact, formatPercent } from '@/lib/core/number-format'
import { FiguresTable } from './figures-table'
import { NamespaceName } from './namespace-name'
import { OpeningKey } from './opening-key'

type Sizes = NonNullable<Extract<CacheSizesData['sizes'], { status: 'up' }>['data']['found']>

interface KeySizesProps {
  environment: string
  cache: string
  onOpen: (key: string) => void
}

/** What takes the most memory in Redis, measured when wanted. */
export function KeySizes({ environment, cache, onOpen }: KeySizesProps) {
  return (
    <Section title="Largest in Redis" note="measured when asked">
      <KeySearch<CacheSizesData>
        environment={environment}
        view="cache-sizes"
        query={{ cache }}
        words={['Measure', 'Measuring…']}
        fields={
          <p className="min-w-0 flex-1 self-center text-sm text-muted">Goes through its keys for up to two seconds.</p>
        }
      >
        {({ sizes }) => (
          <PartBoundary part={sizes} what="Redis">
            {({ found }) =>
              found ? (
                <Measured found={found} onOpen={onOpen} />
              ) : (
                <p className="px-4 py-1 text-md text-muted">It has nothing in a Redis that this console watches.</p>
              )
            }
          </PartBoundary>
        )}
      </KeySearch>
    </Section>
  )
}

function Measured({ found, onOpen }: { found: Sizes; onOpen: (key: string) => void }) {
  const { share, entries, bytes, total, namespaces, keys } = found
  const whole = share >= 1
  return (
    <>
      <p role="status" className="flex flex-wrap items-center gap-2 px-4 py-1 text-md">
        {`${formatExact(entries)} ${entries === 1 ? 'entry' : 'entries'}, ${formatBytes(bytes)}`}
        <Badge tone={whole ? 'outline' : 'warning'}>
          {whole ? 'all measured' : `sampled: ${formatPercent(share)} of the keys of this Redis`}
        </Badge>
      </p>
      {namespaces.length > 0 ? (
        <FiguresTable
          columns={[
            { header: 'Kind of key' },
            { header: 'Entries', hint: 'Of those measured' },
            { header: 'In Redis', hint: 'What Redis needs for them' },
            { header: 'Share' },
          ]}
          rows={namespaces.map(one => ({
            key: one.name,
            cells: [
              <NamespaceName key="name" name={one.name} />,
              <ShortNumber key="entries" value={one.entries} />,
              formatBytes(one.bytes),
              formatPercent(one.bytes / bytes),
            ],
          }))}
        />
      ) : null}
      {namespaces.length < total ? (
        <p className="px-4 py-1 text-sm text-muted">
          The largest {formatExact(namespaces.length)} of {formatExact(total)}.
        </p>
      ) : null}
      {keys.length > 0 ? (
        <FiguresTable
          className="mt-3"
          columns={[{ header: 'Key' }, { header: 'In Redis' }]}
          rows={keys.map(({ key, bytes: size }) => ({
            key,
            cells: [<OpeningKey key="key" name={key} onOpen={onOpen} />, formatBytes(size)],
          }))}
        />
      ) : null}
    </>
  )
}
