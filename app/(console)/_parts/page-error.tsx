'use client'

import { useEffect } from 'react'
import { StatusMark } from '@/components/status/status-mark'
import { AppLink } from '@/components/ui/app-link'
import { Button } from '@/components/ui/button'
import { CopyButton } from '@/components/ui/copy-button'

interface PageErrorProps {
  /** What could not be shown: "Services". */
  what: string
  error: Error & { digest?: string }
  retry: () => void
}

/** A page that could not be made at all. The words are fixed: what went wrong is in the console's log, under the id. */
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
        <StatusMark status="bad" className="size-3.5" />
      </span>
      <div className="grid justify-items-start gap-2">
        <h1 className="text-2xl font-semibold tracking-tight">{what} cannot be shown</h1>
        <p className="text-lg">
          Something went wrong that Substation did not expect. The fleet is not affected, and nothing was changed.
        </p>
        {error.digest ? (
          <p className="flex flex-wrap items-center gap-x-1.5 text-md text-muted">
            It is in the console’s log under <code className="text-ink">{error.digest}</code>
            <CopyButton value={error.digest} label="Copy the id" />
          </p>
        ) : null}
        <div className="mt-1 flex flex-wrap gap-2">
          <Button variant="primary" onClick={retry}>
            Try again
          </Button>
          <Button asChild>
            <AppLink href="/">Go to the overview</AppLink>
          </Button>
        </div>
      </div>
    </section>
  )
}
