'use client'

import { createContext, type ReactNode, useContext } from 'react'
import type { Outcome, Preview, Run, RunRequest } from '@/lib/console/platform/operation/wire'

/** What the browser can ask of the operation runner. The app supplies it, one object for as long as the environment stays. */
export interface OperationsClient {
  environment: string
  /** Marks the place where an act lands; production asks twice. */
  production: boolean
  preview: (request: { operation: string; input: unknown }) => Promise<Outcome<Preview>>
  run: (request: RunRequest) => Promise<Outcome<Run>>
  /** Calls back with the run now and whenever it changes, until the returned function is called. */
  watch: (runId: string, onRun: (run: Run) => void) => () => void
  abort: (runId: string) => Promise<Outcome<Run>>
  /** Answers with the run that takes the other one back. */
  undo: (runId: string) => Promise<Outcome<Run>>
}

const Context = createContext<OperationsClient | undefined>(undefined)

export function OperationsProvider({ client, children }: { client: OperationsClient; children: ReactNode }) {
  return <Context value={client}>{children}</Context>
}

export function useOperations(): OperationsClient {
  const client = useContext(Context)
  if (!client) throw new Error('OperationsProvider is missing above this component')
  return client
}
