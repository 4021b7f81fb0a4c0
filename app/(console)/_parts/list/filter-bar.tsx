'use client'

import type { ReactNode } from 'react'
import { FilterChips } from '@/app/(console)/_parts/filters/filter-chips'
import { FilterSelect } from '@/app/(console)/_parts/filters/filter-select'
import type { Patch } from '@/app/(console)/_parts/filters/url-filters'
import { SearchField } from '@/components/data-table/search-field'
import { cn } from '@/components/ui/cn'
import type { SelectOption } from '@/components/ui/select'
import { type Counts, narrowed, stateChips, stateChosen } from './list'
import { useShownList } from './use-list'

/** Options that came with the data, by the name of their select. */
export type Options = Readonly<Record<string, readonly (string | SelectOption)[]>>

interface FilterBarProps {
  /** How many rows each state has, and `all`. Left out where it is not known. */
  counts?: Counts
  options?: Options
  /** Controls of the page's own, beside the chips. */
  children?: ReactNode
}

/** What narrows the list, as its declaration says. */
export function FilterBar({ counts, options, children }: FilterBarProps) {
  const { list, url, beside } = useShownList()
  const narrow = useNarrow()
  const { value, chips } = stateChips(list, url.get, counts)
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      {list.states ? (
        <FilterChips label="State" value={value} chips={chips} onChange={state => narrow(stateChosen(list, state))} />
      ) : null}
      {children}
      <div className={cn('flex min-w-0 gap-2', beside ? 'w-full' : 'ml-auto max-wide:ml-0 max-wide:w-full')}>
        <ListSelects options={options} className="max-w-48 max-wide:max-w-none max-wide:flex-1" />
        <ListSearch className={beside ? 'flex-1' : 'w-56 max-wide:w-auto max-wide:flex-1'} />
      </div>
    </div>
  )
}

/** For a page with a bar of its own. */
export function ListSearch({ className }: { className?: string }) {
  const { list, url } = useShownList()
  const narrow = useNarrow()
  if (list.search === undefined) return null
  return (
    <SearchField label={list.search} value={url.get('q') ?? ''} onChange={q => narrow({ q })} className={className} />
  )
}

/** For a page with a bar of its own. */
export function ListSelects({ options = {}, className }: { options?: Options; className?: string }) {
  const { list, url } = useShownList()
  const narrow = useNarrow()
  return (list.selects ?? []).map(select => {
    const value = url.get(select.name) ?? ''
    const choices = select.options ?? (options[select.name] ?? []).map(asOption)
    if (choices.length < 2 && value === '') return null
    return (
      <FilterSelect
        key={select.name}
        label={select.label}
        value={value}
        options={[{ value: '', label: select.any }, ...choices]}
        onChange={chosen => narrow({ [select.name]: chosen })}
        className={className}
      />
    )
  })
}

const asOption = (option: string | SelectOption) =>
  typeof option === 'string' ? { value: option, label: option } : option

/** Changes filters. */
export function useNarrow() {
  const { list, url } = useShownList()
  return (patch: Patch) => url.set(narrowed(list, patch))
}
