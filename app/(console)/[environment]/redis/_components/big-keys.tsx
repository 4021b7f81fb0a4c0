'use client'

import { useState } from 'react'
import { ask } from '@/app/(console)/_frame/ask'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { formatBytes, formatExact } from '@/components/status/number-format'
import { PartBoundary } from '@/components/status/part-boundary'
import { StatusMark } from '@/components/status/status-mark'
import { formatWhole } from '@/components/status/time-format'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Input } from '@/components/ui/input'
import type { Outcome } from '@/lib/console/operations/wire'
import type { BigKeys as Found } from '@/lib/console/redis/port'
import type { Reading } from '@/lib/console/views/read'
import type { BigKeysData } from '@/lib/console/views/redis'

/** The biggest keys of those that two seconds suffice for. A walk over somebody's keys is begun by hand. */
export function BigKeys({ environment, server }: { environment: string; server: string }) {
  const [pattern, setPattern] = useState('')
  const [busy, setBusy] = useState(false)
  const [found, setFound] = useState<Outcome<Reading<BigKeysData>>>()
  async function look() {
    setBusy(true)
    const query = new URLSearchParams({ name: server, ...(pattern ? { pattern } : {}) })
    setFound(await ask<Reading<BigKeysData>>(`/api/v1/${environment}/views/big-keys?${query}`))
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
        <Input
          aria-label="Pattern of keys"
          placeholder="all keys, or session:*"
          value={pattern}
          maxLength={500}
          onChange={event => setPattern(event.target.value)}
          className="min-w-0 flex-1"
        />
        <Button type="submit" aria-disabled={busy || undefined}>
          {busy ? 'Looking…' : 'Look for big keys'}
        </Button>
      </form>
      {found && !found.ok ? (
        <Callout tone="bad" mark={<StatusMark status="bad" />} className="mx-4 my-1.5">
          <p>{found.error.message}</p>
        </Callout>
      ) : null}
      {found?.ok && found.value.data.keys ? (
        <PartBoundary part={found.value.data.keys} what={`Redis ${server}`}>
          {data => <Keys found={data} />}
        </PartBoundary>
      ) : null}
    </>
  )
}

function Keys({ found: { keys, lookedAt, total } }: { found: Found }) {
  if (keys.length === 0) return <p className="px-4 py-1 text-md text-muted">No key matches.</p>
  return (
    <>
      <p role="status" className="px-4 py-1 text-sm text-muted">
        The biggest of {formatExact(lookedAt)} keys looked at; there are {formatExact(total)} in all.
      </p>
      <ul className="text-md">
        {keys.map(({ key, type, bytes, ttlMs }) => (
          <li key={key} className="grid grid-cols-[76px_minmax(0,1fr)_auto] items-baseline gap-x-3 px-4 py-1">
            <span className="text-right tabular-nums">{formatBytes(bytes)}</span>
            <MiddleTruncate text={key} mono />
            <span className="text-sm text-muted">
              {type}, {ttlMs === undefined ? 'for ever' : `${formatWhole(ttlMs)} left`}
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}
