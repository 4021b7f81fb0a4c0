'use client'

import type { ReactNode } from 'react'
import { DroppedFilters } from '@/app/(console)/_parts/filters/dropped-filters'
import { ShallowLinks } from '@/app/(console)/_parts/filters/shallow'
import { BesideSheet } from '@/app/(console)/_parts/sheets/beside-sheet'
import { PageHeader } from '@/components/shell/page-header'
import { Sheet } from '@/components/ui/sheet'
import type { Dropped } from '@/lib/console/platform/view/filters'
import { closedSheet } from './list'
import { ListContext, type ReadList } from './use-list'

interface ListPageProps {
  list: ReadList
  title: string
  note?: ReactNode
  actions?: ReactNode
  /** Parts of the address that the page itself did not understand. */
  dropped?: readonly Dropped[]
  /** What the sheet shows, where the address opens one. */
  sheet?: ReactNode
  /** A `FilterBar`, `ListPanel`s with a `ListTable` in them, and what the page has besides. */
  children: ReactNode
}

/** A page that is a list: its header, what narrows it, its rows, and a sheet with the details of one beside it. */
export function ListPage({ list, title, note, actions, dropped = [], sheet, children }: ListPageProps) {
  const beside = Boolean(sheet)
  const close = () => list.url.set({ ...closedSheet(list.list), act: undefined })
  return (
    <ListContext value={{ ...list, beside }}>
      <BesideSheet open={beside}>
        <ShallowLinks>
          <PageHeader title={title} note={note} actions={actions} />
          <DroppedFilters dropped={[...list.dropped, ...dropped]} />
          {children}
        </ShallowLinks>
      </BesideSheet>
      <Sheet open={beside} onOpenChange={open => (open ? undefined : close())}>
        {sheet}
      </Sheet>
    </ListContext>
  )
}
