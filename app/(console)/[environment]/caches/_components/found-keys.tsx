import { Badge } from '@/components/ui/badge'
import { formatExact } from '@/lib/core/number-format'
import { OpeningKey } from './opening-key'

interface FoundKeysProps {
  found: { count?: number; precision: 'exact' | 'sampled' | 'unknown'; sample: readonly string[] }
  noun: readonly [one: string, many: string]
  /** Opens one of them. */
  onOpen?: (key: string) => void
}

/** How many, how well that is known, and some of them. */
export function FoundKeys({ found: { count, precision, sample }, noun: [one, many], onOpen }: FoundKeysProps) {
  const noun = count === 1 ? one : many
  return (
    <>
      <p role="status" className="flex flex-wrap items-center gap-2 px-4 py-1 text-md">
        {count === undefined
          ? `An unknown number of ${many}`
          : `${precision === 'sampled' ? 'About ' : ''}${formatExact(count)} ${noun}`}
        <Badge tone={precision === 'exact' ? 'outline' : precision === 'sampled' ? 'warning' : 'unknown'}>
          {precision === 'exact' ? 'exact' : precision === 'sampled' ? 'from a sample' : 'not counted'}
        </Badge>
      </p>
      {sample.length > 0 ? (
        <ul className="pb-1">
          {sample.map(key => (
            <li key={key} className="px-4 py-0.5">
              <OpeningKey name={key} {...(onOpen ? { onOpen } : {})} />
            </li>
          ))}
          {count !== undefined && sample.length < count ? (
            <li className="px-4 py-0.5 text-sm text-muted">and others: the first found are shown</li>
          ) : null}
        </ul>
      ) : null}
    </>
  )
}
