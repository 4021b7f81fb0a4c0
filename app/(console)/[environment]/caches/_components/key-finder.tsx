'use client'

import { useState } from 'react'
import { ask } from '@/app/(console)/_frame/ask'
import { PartBoundary } from '@/components/status/part-boundary'
import { StatusMark } from '@/components/status/status-mark'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import type { Outcome } from '@/lib/console/operations/wire'
import type { CacheKeysData } from '@/lib/console/views/cache-keys'
import type { Reading } from '@/lib/console/views/read'
import { FoundKeys } from './found-keys'

const WAYS = [
  { value: 'pattern', label: 'Pattern' },
  { value: 'tag', label: 'Tag' },
]

/** Counts and lists keys of a cache. A walk over the keys of a Redis is begun by hand. */
export function KeyFinder({ environment, cache }: { environment: string; cache: string }) {
  const [by, setBy] = useState('pattern')
  const [value, setValue] = useState('')
  const [busy, setBusy] = useState(false)
  const [found, setFound] = useState<Outcome<Reading<CacheKeysData>>>()
  async function look() {
    setBusy(true)
    const query = new URLSearchParams({ cache, by, ...(value ? { value } : {}) })
    setFound(await ask<Reading<CacheKeysData>>(`/api/v1/${environment}/views/cache-keys?${query}`))
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
        <div className="w-28 shrink-0">
          <Select aria-label="By" value={by} options={WAYS} onChange={event => setBy(event.target.value)} />
        </div>
        <Input
          aria-label={by === 'tag' ? 'Tag' : 'Pattern'}
          placeholder={by === 'tag' ? 'products' : 'all, or product:*'}
          value={value}
          maxLength={500}
          spellCheck={false}
          onChange={event => setValue(event.target.value)}
          className="min-w-0 flex-1"
        />
        <Button type="submit" aria-disabled={busy || undefined}>
          {busy ? 'Counting…' : 'Count'}
        </Button>
      </form>
      {found && !found.ok ? (
        <Callout tone="bad" mark={<StatusMark status="bad" />} className="mx-4 my-1.5">
          <p>{found.error.message}</p>
        </Callout>
      ) : null}
      {found?.ok ? (
        <PartBoundary part={found.value.data.keys} what="Redis">
          {data => <FoundKeys found={data} noun={['entry', 'entries']} />}
        </PartBoundary>
      ) : null}
    </>
  )
}
