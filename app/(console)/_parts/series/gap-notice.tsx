import { Fragment } from 'react'
import type { Gap } from '@/components/charts/gaps'
import { RelativeTime } from '@/components/status/relative-time'

/** More than these are counted. */
const LISTED = 3

/** When nothing was measured, in words and with times: charts hatch it. */
export function GapNotice({ begins, gaps }: { begins: number | undefined; gaps: readonly Gap[] }) {
  if (begins === undefined && gaps.length === 0) return null
  const rest = gaps.length - LISTED
  return (
    <p className="border-b border-line px-3.5 py-1 text-sm text-muted">
      {begins === undefined ? null : (
        <>
          No samples before <RelativeTime at={begins} as="clock" />: the charts begin there.{' '}
        </>
      )}
      {gaps.length === 0 ? null : (
        <>
          No samples from{' '}
          {gaps.slice(0, LISTED).map(({ from, to }, index) => (
            <Fragment key={from}>
              {index === 0 ? '' : ', '}
              <RelativeTime at={from} as="clock" /> to <RelativeTime at={to} as="clock" />
            </Fragment>
          ))}
          {rest > 0 ? ` and ${rest} more ${rest === 1 ? 'time' : 'times'}` : ''}.
        </>
      )}
    </p>
  )
}
