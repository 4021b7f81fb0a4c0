import type { KeyValue } from '../kv/index.ts'
import { anyOf } from './pattern.ts'
import { EventsError, type Subscription } from './port.ts'

/** How long a list of subscriptions is used (ms): a new one gets events from then on at the latest. */
const FRESH_FOR = 2_000
const PREFIX = 'subscription/'

export interface KnownSubscription extends Subscription {
  wants(type: string): boolean
}

/** The subscriptions of all services, as they made themselves known. Without a store those of this process. */
export class SubscriptionList {
  readonly #store: KeyValue | undefined
  readonly #own = new Map<string, Subscription>()
  /** Those of the last reading, without reading; empty before the first. */
  known: readonly KnownSubscription[] = []
  #read: { at: number; list: Promise<KnownSubscription[]> } | undefined

  constructor(store: KeyValue | undefined) {
    this.#store = store
  }

  /** Refuses another number of partitions than is known: the order of a key would be lost. */
  async add(subscription: Subscription): Promise<void> {
    const known = this.#store
      ? await this.#store.get<Subscription>(PREFIX + subscription.name)
      : this.#own.get(subscription.name)
    if (known && known.partitions !== subscription.partitions)
      throw new EventsError(
        `The subscription ${subscription.name} has ${known.partitions} partitions, not ${subscription.partitions}: events of a key would be handled in two queues`,
        { code: 'EVENTS_OPTIONS', nextStep: 'Let its queues run empty, unsubscribe it, and subscribe again.' },
      )
    this.#own.set(subscription.name, subscription)
    await this.#store?.set(PREFIX + subscription.name, subscription)
    this.#read = undefined
  }

  async remove(name: string): Promise<boolean> {
    const own = this.#own.delete(name)
    this.#read = undefined
    return this.#store ? this.#store.delete(PREFIX + name) : own
  }

  list({ maxAge = FRESH_FOR } = {}): Promise<KnownSubscription[]> {
    if (this.#read && performance.now() - this.#read.at < maxAge) return this.#read.list
    const list = this.#all().then(all => all.map(one => ({ ...one, wants: anyOf(one.to) })))
    this.#read = { at: performance.now(), list }
    list.then(
      all => {
        this.known = all
      },
      // A failed reading is not kept.
      () => {
        this.#read = undefined
      },
    )
    return list
  }

  async #all(): Promise<Subscription[]> {
    if (!this.#store) return [...this.#own.values()]
    const names: string[] = []
    for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
      const page = await this.#store.keys({ prefix: PREFIX, ...(cursor === undefined ? {} : { cursor }) })
      names.push(...page.keys)
      cursor = page.cursor
    }
    const found = await this.#store.getMany<Subscription>(names)
    return names.flatMap(name => found.get(name) ?? [])
  }
}
