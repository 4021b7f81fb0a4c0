import type { Subject } from './invalidations.ts'

/** Calls under way, one per key. One that an invalidation covers still answers its callers; later callers start a new one. */
export class Flights {
  /** Calls that joined one under way. */
  joined = 0
  readonly #flights = new Map<string, { tags: readonly string[]; promise: Promise<unknown> }>()

  /** Joins the call under way for this key, or starts one. */
  run<T>(key: string, tags: readonly string[], start: () => Promise<T>): Promise<T> {
    const running = this.#flights.get(key)
    if (running) {
      this.joined++
      return running.promise as Promise<T>
    }
    const flight = { tags, promise: start() }
    this.#flights.set(key, flight)
    const land = () => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key)
    }
    flight.promise.then(land, land)
    return flight.promise
  }

  drop(matches: (subject: Subject) => boolean): void {
    for (const [key, { tags }] of [...this.#flights]) if (matches({ key, tags })) this.#flights.delete(key)
  }
}
