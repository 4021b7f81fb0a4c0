'use client'

import { createContext, type ReactNode, useContext } from 'react'

const Context = createContext<string | undefined>(undefined)

/** What runbooks that are paths are relative to, as the console is configured. */
export function RunbookBase({ url, children }: { url: string | undefined; children: ReactNode }) {
  return <Context value={url}>{children}</Context>
}

export function useRunbookBase(): string | undefined {
  return useContext(Context)
}
