'use client'

import { type ReactNode, useState } from 'react'
import { ask } from '@/app/(console)/_frame/ask'
import { StatusMark } from '@/components/status/status-mark'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import type { Outcome } from '@/lib/console/platform/operation/wire'
import type { Reading } from '@/lib/console/platform/view/read'

interface KeySearchProps<Data> {
  environment: string
  view: string
  /** Fields that are empty are left out. */
  query: Record<string, string>
  /** The button at rest, and while it is answered. */
  words: readonly [rest: string, busy: string]
  fields: ReactNode
  children: (data: Data) => ReactNode
}

/** Asks a view that walks over keys of other programs: that is started by hand, never by opening a page. */
export function KeySearch<Data>({ environment, view, query, words, fields, children }: KeySearchProps<Data>) {
  const [busy, setBusy] = useState(false)
  const [found, setFound] = useState<Outcome<Reading<Data>>>()
  async function look() {
    setBusy(true)
    const filled = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''))
    setFound(await ask<Reading<Data>>(`/api/v1/${environment}/views/${view}?${filled}`))
    setBusy(false)
  }
  return (
    <>
      <form
        className="flex gap-2 px-4 py-1.5"
        onSubmit={event => {
          event.preventDefault()
          void look()
        }}
      >
        {fields}
        <Button type="submit" aria-disabled={busy || undefined}>
          {words[busy ? 1 : 0]}
        </Button>
      </form>
      {found && !found.ok ? (
        <Callout tone="bad" mark={<StatusMark status="bad" />} className="mx-4 my-1.5">
          <p>{found.error.message}</p>
        </Callout>
      ) : null}
      {found?.ok ? children(found.value.data) : null}
    </>
  )
}
