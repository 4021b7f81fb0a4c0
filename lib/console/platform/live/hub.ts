/** What has changed, as views and areas name it: `queues`. */
export type Topic = string

export interface LiveEvent {
  /** Grows by one in this process; a browser that missed events refetches everything. */
  id: number
  environment: string
  topics: Topic[]
  at: number
}

/** Carries “this changed” from where it is noticed to the open streams. It carries no data: browsers ask for that. */
export interface LiveHub {
  announce(environment: string, topics: readonly Topic[]): void
  /** Grows whenever any of the topics is announced. */
  version(environment: string, topics: readonly Topic[]): number
  subscribe(listener: (event: LiveEvent) => void): () => void
  /** Events after `id`, or undefined when some of them are no longer kept. */
  since(id: number): LiveEvent[] | undefined
  readonly lastId: number
  readonly listeners: number
}

const KEPT = 500

/** Keeps the last few hundred events, for browsers that were briefly disconnected. */
export function liveHub(): LiveHub {
  const listeners = new Set<(event: LiveEvent) => void>()
  const versions = new Map<string, number>()
  let recent: LiveEvent[] = []
  let lastId = 0
  return {
    announce(environment, topics) {
      const event: LiveEvent = { id: ++lastId, environment, topics: [...topics], at: Date.now() }
      for (const topic of topics) versions.set(`${environment}/${topic}`, event.id)
      recent.push(event)
      if (recent.length > KEPT) recent = recent.slice(-KEPT / 2)
      for (const listener of listeners) listener(event)
    },
    version: (environment, topics) =>
      topics.reduce((highest, topic) => Math.max(highest, versions.get(`${environment}/${topic}`) ?? 0), 0),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    since(id) {
      if (id > lastId) return
      const oldest = recent[0]?.id ?? lastId + 1
      return id + 1 < oldest ? undefined : recent.filter(event => event.id > id)
    },
    get lastId() {
      return lastId
    },
    get listeners() {
      return listeners.size
    },
  }
}
