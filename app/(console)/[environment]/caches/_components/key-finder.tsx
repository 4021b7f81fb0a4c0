'use client'

import { useState } from 'react'
import { KeySearch } from '@/app/(console)/_parts/keys/key-search'
import { PartBoundary } from '@/components/status/part-boundary'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import type { CacheKeysData } from '@/lib/console/areas/caches/views/cache-keys'
import { FoundKeys } from './found-keys'

const WAYS = [
  { value: 'pattern', label: 'Pattern' },
  { value: 'tag', label: 'Tag' },
]

interface KeyFinderProps {
  environment: string
  cache: string
  onOpen: (key: string) => void
}

/** Counts and lists keys of a cache. */
export function KeyFinder({ environment, cache, onOpen }: KeyFinderProps) {
  const [by, setBy] = useState('pattern')
  const [value, setValue] = useState('')
  return (
    <KeySearch<CacheKeysData>
      environment={environment}
      view="cache-keys"
      query={{ cache, by, value }}
      words={['Count', 'Counting…']}
      fields={
        <>
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
        </>
      }
    >
      {({ keys }) => (
        <PartBoundary part={keys} what="Redis">
          {found => <FoundKeys found={found} noun={['entry', 'entries']} onOpen={onOpen} />}
        </PartBoundary>
      )}
    </KeySearch>
  )
}
