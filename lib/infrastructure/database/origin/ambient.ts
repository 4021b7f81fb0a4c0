import { AsyncLocalStorage } from 'node:async_hooks'
import type { CallerOrigin } from './comment.ts'

export interface StatementOrigins {
  /** Statements that `work` sends, however deep, say this besides what is said around it. */
  within<T>(origin: CallerOrigin, work: () => T): T
  /** For `createDatabase({ … }, { origin })`. */
  current(): CallerOrigin
}

/** Who sends statements: the service always, the route or job around the call where there is one. */
export function statementOrigins(service: CallerOrigin): StatementOrigins {
  const storage = new AsyncLocalStorage<CallerOrigin>()
  const current = () => storage.getStore() ?? service
  return {
    within: (origin, work) => storage.run({ ...current(), ...origin }, work),
    current,
  }
}
