import { setImmediate } from 'node:timers/promises'

/** Results given out at once; each is stored, and more at once would keep Redis from others. */
const AT_ONCE = 100

interface Asked<Item, Result> {
  item: Item
  resolve(result: Result): void
  reject(error: unknown): void
}

/** Answers what is asked in the same turn of the event loop together. `together` returns its results in the order of the items. */
export class Gathering<Item, Result> {
  readonly #together: (items: Item[]) => Promise<Result[]>
  #asked: Asked<Item, Result>[] = []

  constructor(together: (items: Item[]) => Promise<Result[]>) {
    this.#together = together
  }

  ask(item: Item): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    if (this.#asked.push({ item, resolve, reject }) === 1) void this.#answer()
    return promise
  }

  async #answer(): Promise<void> {
    await setImmediate()
    const asked = this.#asked
    this.#asked = []
    try {
      const results = await this.#together(asked.map(({ item }) => item))
      for (const [at, { resolve }] of asked.entries()) {
        if (at > 0 && at % AT_ONCE === 0) await setImmediate()
        resolve(results[at] as Result)
      }
    } catch (error) {
      for (const { reject } of asked) reject(error)
    }
  }
}
