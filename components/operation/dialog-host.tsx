'use client'

import dynamic from 'next/dynamic'
import { createContext, type ReactNode, useCallback, useContext, useState } from 'react'
import type { OperationDialogProps } from '@/components/operation/operation-dialog'

export const loadDialog = () => import('@/components/operation/operation-dialog')
/** The dialog, loaded when the first of them opens. */
export const LazyDialog = dynamic(() => loadDialog().then(module => module.OperationDialog)) as <I extends object>(
  props: OperationDialogProps<I>,
) => ReactNode

type Hosted<I extends object> = Omit<OperationDialogProps<I>, 'open' | 'onOpenChange'>
type Open = <I extends object>(dialog: Hosted<I>) => void

const Context = createContext<Open | undefined>(undefined)

/** Where the dialogs of acts live: above the rows, because an act often takes away the row or the button it began at. */
export function DialogHost({ children }: { children: ReactNode }) {
  // One place for dialogs of every input: which one it is, only the opener knows.
  const [shown, setShown] = useState<{ id: number; dialog: Hosted<object> }>()
  const open = useCallback(<I extends object>(dialog: Hosted<I>) => {
    setShown(known => ({ id: (known?.id ?? 0) + 1, dialog: dialog as unknown as Hosted<object> }))
  }, [])
  return (
    <Context value={open}>
      {children}
      {shown ? (
        <LazyDialog
          key={shown.id}
          open
          onOpenChange={next => (next ? undefined : setShown(undefined))}
          {...shown.dialog}
        />
      ) : null}
    </Context>
  )
}

export function useDialogHost(): Open {
  const open = useContext(Context)
  if (!open) throw new Error('DialogHost is missing above this component')
  return open
}
