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
      className="flex min-w-0 items-center gap-2 max-wide:w-full"
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
        className="w-64 font-mono max-wide:w-auto max-wide:flex-1"
      />
      <Button type="submit">Find event</Button>
    </form>
  )
}
