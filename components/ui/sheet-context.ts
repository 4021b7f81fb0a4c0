'use client'

import { createContext, useContext } from 'react'

interface SheetParts {
  /** Of the title, by which the sheet is named. */
  titleId: string
  close: () => void
}

export const SheetContext = createContext<SheetParts | undefined>(undefined)

export function useSheet(): SheetParts {
  const parts = useContext(SheetContext)
  if (!parts) throw new Error('a SheetHeader belongs into a Sheet')
  return parts
}
