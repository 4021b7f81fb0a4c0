/** When each named source was first seen down, so that pages can show since when. */
export interface Outages {
  /** `error`: why it failed. */
  note(source: string, failed: boolean, error?: unknown): number
}

/** The record of one environment, or of the console itself. `now` in ms since the epoch; `onOutage` is called once for each outage, when it begins. */
export function outages(
  now: () => number = Date.now,
  onOutage: (source: string, error: unknown) => void = () => {},
): Outages {
  const since = new Map<string, number>()
  return {
    note(source, failed, error) {
      if (!failed) since.delete(source)
      else if (!since.has(source)) {
        since.set(source, now())
        onOutage(source, error)
      }
      return since.get(source) ?? now()
    },
  }
}
