'use client'

import { createContext, type ReactNode, useContext } from 'react'
import type { OperationSummary } from '@/lib/console/platform/operation/wire'

const Context = createContext<readonly OperationSummary[]>([])

/** What this person can do here, and what they would need for the rest. */
export function CatalogueProvider({
  operations,
  children,
}: {
  operations: readonly OperationSummary[]
  children: ReactNode
}) {
  return <Context value={operations}>{children}</Context>
}

export function useCatalogue(): readonly OperationSummary[] {
  return useContext(Context)
}

export function useOperation(id: string): OperationSummary {
  const found = useContext(Context).find(operation => operation.id === id)
  if (!found) throw new Error(`there is no operation ${id}`)
  return found
}
