/** The part of postgres.js' Query that says whether the server works on it. */
export interface ActiveQuery {
  active: boolean
  /** Of its connection, once it was sent. */
  state: object | null
}

/** When the last statement of a connection ended. */
const ends = new WeakMap<object, { at: number }>()

/** Since when the server was free for a query: without its wait for a connection, or for those that were sent before it on its own. */
export class ActiveSince {
  #at: number | undefined

  /** Called with a query that was just passed to postgres.js. */
  started(query: ActiveQuery): void {
    if (query.active) this.#at = performance.now()
    else if (query.state === null) this.#watch(query)
  }

  /** ms; undefined where it was never sent. */
  ended({ state }: ActiveQuery): number | undefined {
    if (state === null) return undefined
    const now = performance.now()
    const end = ends.get(state)
    // One that was sent behind others began when the last of them ended.
    const from = this.#at ?? end?.at
    if (end) end.at = now
    else ends.set(state, { at: now })
    return from === undefined ? undefined : now - from
  }

  /** An accessor costs more than a property; of a query that waits for a connection it does not matter. */
  #watch(query: ActiveQuery): void {
    let active = false
    Object.defineProperty(query, 'active', {
      configurable: true,
      get: () => active,
      set: (now: boolean) => {
        if (now && !active) this.#at = performance.now()
        active = now
      },
    })
  }
}
