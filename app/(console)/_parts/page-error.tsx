'use client'

import { useEffect } from 'react'

interface PageErrorProps {
  /** What could not be shown: "Services". */
  what: string
  error: Error & { digest?: string }
  retry: () => void
}

const BUTTON =
  'inline-flex h-(--control) items-center rounded-md border px-2.5 text-sm font-medium touch:px-3.5 touch:text-md'

/**
 * A page that could not be made at all. Plain elements only: every page carries this along, and hardly one ever shows it. The words are fixed: what went
 * wrong is in the console's log, under the id.
 */
export function PageError({ what, error, retry }: PageErrorProps) {
  useEffect(() => {
    // The browser's own log is where a developer looks first.
    console.error(error)
  }, [error])
  return (
    <section
      role="alert"
      className="mx-auto mt-6 grid max-w-[560px] grid-cols-[auto_minmax(0,1fr)] gap-x-3 rounded-lg border border-line bg-panel p-5"
    >
      <span className="flex h-7 items-center">
        <svg viewBox="0 0 12 12" aria-hidden className="size-3.5 text-bad">
          <path d="M1.8 1.8l8.4 8.4M10.2 1.8l-8.4 8.4" fill="none" stroke="currentColor" strokeWidth="2.2" />
        </svg>
      </span>
      <div className="grid justify-items-start gap-2">
        <h1 className="text-2xl font-semibold tracking-tight">{what} cannot be shown</h1>
        <p className="text-lg">
          Something went wrong that Substation did not expect. The fleet is not affected, and nothing was changed.
        </p>
        {error.digest ? (
          <p className="flex flex-wrap items-center gap-x-1.5 text-md text-muted">
            It is in the console’s log under <code className="text-ink">{error.digest}</code>
          </p>
        ) : null}
        <div className="mt-1 flex flex-wrap gap-2">
          <button type="button" onClick={retry} className={`${BUTTON} border-accent bg-accent text-on-accent`}>
            Try again
          </button>
          {/* Reloads the whole page: what failed may be its own script. */}
          <a href="/" className={`${BUTTON} border-line bg-panel text-ink`}>
            Go to the overview
          </a>
        </div>
      </div>
    </section>
  )
}
