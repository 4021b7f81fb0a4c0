import { Section } from '@/app/(console)/_parts/sheets/section'
import { PartBoundary } from '@/components/status/part-boundary'
import type { CacheData } from '@/lib/console/areas/caches/views/cache'
import { formatExact, formatPercent } from '@/lib/core/number-format'
import { FiguresTable } from './figures-table'
import { OpeningKey } from './opening-key'

interface HotKeysProps {
  hotKeys: CacheData['hotKeys']
  /** Absent where the cache has nothing in Redis to be read. */
  onOpen?: (key: string) => void
}

/** The keys asked for most. */
export function HotKeys({ hotKeys, onOpen }: HotKeysProps) {
  return (
    <Section title="Hottest keys" note="last minutes, from a sample of the lookups">
      {hotKeys ? (
        <PartBoundary part={hotKeys} what="The fleet">
          {({ keys, processes }) =>
            keys.length > 0 ? (
              <FiguresTable
                columns={[
                  { header: 'Key' },
                  { header: 'Of lookups', hint: 'At least this share of all lookups of the last minutes' },
                  { header: 'Processes', hint: 'In how many it is among the hottest' },
                ]}
                rows={keys.map(({ key, cut, share, processes: of }) => ({
                  key: `${key} ${cut ?? ''}`,
                  cells: [
                    <OpeningKey key="key" name={cut ? `${key}…` : key} {...(onOpen && !cut ? { onOpen } : {})} />,
                    formatPercent(share),
                    `${formatExact(of)} of ${formatExact(processes)}`,
                  ],
                }))}
              />
            ) : (
              <Said>
                {processes > 0
                  ? 'No lookups were sampled lately.'
                  : 'Not measured: its processes run an older library.'}
              </Said>
            )
          }
        </PartBoundary>
      ) : (
        <Said>Names of keys are shown to operators.</Said>
      )}
    </Section>
  )
}

function Said({ children }: { children: string }) {
  return <p className="px-4 py-1 text-md text-muted">{children}</p>
}
