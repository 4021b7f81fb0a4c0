'use client'

import dynamic from 'next/dynamic'
import type { ReactNode } from 'react'
import { ShallowLinks } from '@/app/(console)/_parts/filters/shallow'
import { PageHeader } from '@/components/shell/page-header'
import type { Dropped } from '@/lib/console/platform/view/filters'
import { ListContext, type ReadList } from './use-list'

// Most addresses are understood.
const DroppedFilters = dynamic(() =>
  import('@/app/(console)/_parts/filters/dropped-filters').then(module => module.DroppedFilters),
)

export interface ListFrameProps {
  list: ReadList
  /** A sheet is open beside it. */
  beside?: boolean
  /** Left out where the page above has its header. */
  title?: string
  note?: ReactNode
  actions?: ReactNode
  /** Parts of the address that the page itself did not understand. */
  dropped?: readonly Dropped[]
  /** A `FilterBar`, `ListPanel`s with a `ListTable` in them, and what the page has besides. */
  children: ReactNode
}

/** A page that is a list: its header, what narrows it, its rows. */
export function ListFrame({ list, beside = false, title, note, actions, dropped = [], children }: ListFrameProps) {
  const all = [...list.dropped, ...dropped]
  return (
    <ListContext value={{ ...list, beside }}>
      <ShallowLinks>
        {title === undefined ? null : <PageHeader title={title} note={note} actions={actions} />}
        {all.length > 0 ? <DroppedFilters dropped={all} /> : null}
        {children}
      </ShallowLinks>
    </ListContext>
  )
}
