'use client'

import { useId, useState } from 'react'
import { useUrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/input'

/** Leads to the way of one event. */
export function FindEvent() {
  const url = useUrlFilters()
  const id = useId()
  const [given, setGiven] = useState('')
  return (
    <form
      className="mb-3 flex min-w-0 items-center gap-2 wide:max-w-100"
      onSubmit={submitted => {
        submitted.preventDefault()
        if (given.trim()) url.set({ event: given.trim(), subscription: undefined })
      }}
    >
      <label htmlFor={id} className="sr-only">
        Id of an event
      </label>
      <Input
        id={id}
        value={given}
        onChange={changed => setGiven(changed.target.value)}
        placeholder="Id of an event"
        maxLength={60}
        autoComplete="off"
        spellCheck={false}
        className="flex-1 font-mono"
      />
      <Button type="submit">Find event</Button>
    </form>
  )
}
