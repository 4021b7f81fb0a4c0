import type { LabelValue } from './port.ts'

/** Which label sets of one metric may be stored. */
export interface SeriesCap {
  /** The full label set as text, or undefined when it is new and the cap is reached. */
  admit(labels: Readonly<Record<string, LabelValue>> | undefined): Record<string, string> | undefined
  /** Removes a label set and returns it in full. */
  release(labels: Readonly<Record<string, LabelValue>> | undefined): Record<string, string>
  clear(): void
}

/** Limits label sets, so that one label with user ids cannot fill the memory of the process and of Prometheus. */
export function seriesCap(names: readonly string[], limit: number): SeriesCap {
  const stored = new Set<string>()
  // All declared labels and no others: callers without types may omit some (then empty) or add some (ignored).
  const full = (labels: Readonly<Record<string, LabelValue>> = {}) =>
    Object.fromEntries(names.map(name => [name, String(labels[name] ?? '')]))
  const keyOf = (labels: Record<string, string>) => JSON.stringify(names.map(name => labels[name]))
  return {
    admit(labels) {
      const complete = full(labels)
      const key = keyOf(complete)
      if (!stored.has(key)) {
        if (stored.size >= limit) return undefined
        stored.add(key)
      }
      return complete
    },
    release(labels) {
      const complete = full(labels)
      stored.delete(keyOf(complete))
      return complete
    },
    clear: () => stored.clear(),
  }
}
