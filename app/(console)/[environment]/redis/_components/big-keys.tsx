'use client'

import { useState } from 'react'
import { KeySearch } from '@/app/(console)/_parts/keys/key-search'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { PartBoundary } from '@/components/status/part-boundary'
import { Input } from '@/components/ui/input'
import type { BigKeysData } from '@/lib/console/areas/redis/views/redis'
import type { BigKeys as Found } from '@/lib/console/servers/redis/port'
import { formatBytes, formatExact } from '@/lib/core/number-format'
import { formatWhole } from '@/lib/core/time-format'

/** The biggest keys of those that two seconds suffice for. */
export function BigKeys({ environment, server }: { environment: string; server: string }) {
  const [pattern, setPattern] = useState('')
  return (
    <KeySearch<BigKeysData>
      environment={environment}
      view="big-keys"
      query={{ name: server, pattern }}
      words={['Look for big keys', 'Looking…']}
      fields={
        <Input
          aria-label="Pattern of keys"
          placeholder="all keys, or session:*"
          value={pattern}
          maxLength={500}
          spellCheck={false}
          onChange={event => setPattern(event.target.value)}
          className="min-w-0 flex-1"
        />
      }
    >
      {({ keys }) =>
        keys ? (
          <PartBoundary part={keys} what={`Redis ${server}`}>
            {found => <Keys found={found} />}
          </PartBoundary>
        ) : null
      }
    </KeySearch>
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
