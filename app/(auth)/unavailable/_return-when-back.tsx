'use client'

import { useEffect } from 'react'

const ASK_EVERY = 2_000

/** Leads back to the page that was asked for as soon as the console can check sessions again. */
export function ReturnWhenBack({ to }: { to: string }) {
  useEffect(() => {
    const asking = setInterval(async () => {
      const answer = await fetch('/api/health/ready', { cache: 'no-store' }).catch(() => undefined)
      if (answer?.ok) window.location.replace(to)
    }, ASK_EVERY)
    return () => clearInterval(asking)
  }, [to])
  return <p className="text-muted">It is asked again every two seconds, and this page then continues on its own.</p>
}
