'use client'

import { createContext, type ReactNode, useContext } from 'react'

const Email = createContext('')

export function PersonProvider({ email, children }: { email: string; children: ReactNode }) {
  return <Email value={email}>{children}</Email>
}

/** The address of the person who is signed in. */
export function useOwnEmail(): string {
  return useContext(Email)
}
