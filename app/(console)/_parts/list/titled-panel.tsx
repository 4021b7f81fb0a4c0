'use client'

import { Panel, type PanelProps } from '@/components/status/panel'
import { cn } from '@/components/ui/cn'
import { useShownList } from './use-list'

/** The frame of one list of several, pale while other rows are awaited. */
export function TitledPanel(props: Pick<PanelProps, 'title' | 'note' | 'actions' | 'children'>) {
  const { pending } = useShownList()
  return <Panel {...props} className={cn('transition-opacity', pending && 'opacity-60')} />
}
