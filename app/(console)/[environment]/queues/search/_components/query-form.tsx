'use client'

import { type FormEvent, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'

interface QueryFormProps {
  /** What the address says. */
  query: string
  error?: string
  onSearch: (query: string) => void
}

/** The query and its button; Enter searches; submitting the same query searches again. */
export function QueryForm({ query, error, onSearch }: QueryFormProps) {
  const [draft, setDraft] = useState(query)
  const [seen, setSeen] = useState(query)
  if (seen !== query) {
    setSeen(query)
    setDraft(query)
  }
  function search(event: FormEvent) {
    event.preventDefault()
    if (draft.trim() !== '') onSearch(draft.trim())
  }
  return (
    <search>
      <form onSubmit={search} className="mb-3 flex items-start gap-2">
        <Field label={<span className="sr-only">Query</span>} error={error} className="min-w-0 flex-1">
          {control => (
            <Input
              {...control}
              type="search"
              value={draft}
              maxLength={1_000}
              placeholder="data.order.id = 42"
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              onChange={event => setDraft(event.target.value)}
              className="h-(--control) font-mono"
            />
          )}
        </Field>
        {/* In line with the field, whose label takes no room but a gap. */}
        <Button type="submit" variant="primary" className="mt-1">
          Search
        </Button>
      </form>
    </search>
  )
}
