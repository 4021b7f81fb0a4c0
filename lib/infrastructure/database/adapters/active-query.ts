/** The part of postgres.js' Query that says whether the server works on it. */
export interface ActiveQuery {
  active: boolean
}

/**
 * Calls `noted` when the server is free for a query that waits: for a connection, or for those sent before it on its own. An accessor costs more than
 * a property; of a query that waits anyway it does not matter.
 */
export function whenActive(query: ActiveQuery, noted: () => void): void {
  let active = false
  Object.defineProperty(query, 'active', {
    configurable: true,
    get: () => active,
    set(now: boolean) {
      if (now && !active) noted()
      active = now
    },
  })
}
