'use client'

import type { ReactNode } from 'react'
import { BesideSheet } from '@/app/(console)/_parts/sheets/beside-sheet'
import { Sheet } from '@/components/ui/sheet'
import { closedSheet } from './list'
import { ListFrame, type ListFrameProps } from './list-frame'

interface ListPageProps extends Omit<ListFrameProps, 'beside'> {
  /** What the sheet shows, where the address opens one. */
  sheet: ReactNode
}

/** A page that is a list, with a sheet for the details of a row beside it. */
export function ListPage({ sheet, ...frame }: ListPageProps) {
  const { list, url } = frame.list
  const open = Boolean(sheet)
  return (
    <>
      <BesideSheet open={open}>
        <ListFrame {...frame} beside={open} />
      </BesideSheet>
      <Sheet open={open} onOpenChange={next => (next ? undefined : url.set({ ...closedSheet(list), act: undefined }))}>
        {sheet}
      </Sheet>
    </>
  )
}
