import { globMatcher } from './glob.ts'
import type { InvalidationTarget } from './port.ts'
import { exactTarget } from './targets.ts'

/** The position of a namespace in Redis. A new generation begins with a `clear`, or when Redis lost its data. */
export interface Stamp {
  generation: string
  epoch: number
}

export interface Subject {
  key: string
  tags: readonly string[]
}

/** Compiled once, because it is called for many entries. */
export function matcherOf(target: InvalidationTarget): (subject: Subject) => boolean {
  const where = exactTarget(target)
  switch (where.by) {
    case 'key':
      return ({ key }) => key === where.key
    case 'pattern': {
      const matches = globMatcher(where.pattern)
      return ({ key }) => matches(key)
    }
    case 'tag':
      return ({ tags }) => tags.includes(where.tag)
    case 'all':
      return () => true
  }
}

interface Applied {
  order: number
  /** Infinity for an invalidation without an epoch: everything is older. */
  epoch: number
  name: string
  matches: (subject: Subject) => boolean
}

/** How many invalidations are remembered. A factory that runs longer than that is barred to be safe. */
const REMEMBERED = 1_000

/** What this process has applied recently: it decides what may still be stored or served. */
export class AppliedInvalidations {
  #applied: Applied[] = []
  #order = 0
  #forgotten = 0

  /** Grows with each one applied; note it when a lookup begins. */
  get order(): number {
    return this.#order
  }

  record(where: InvalidationTarget, matches: (subject: Subject) => boolean, epoch: number | undefined): void {
    const name = JSON.stringify(exactTarget(where))
    // The same one arrives by several ways: from this process, over the bus, by a command.
    if (epoch !== undefined && this.#applied.some(a => a.epoch === epoch && a.name === name)) return
    this.#applied.push({ order: ++this.#order, epoch: epoch ?? Number.POSITIVE_INFINITY, name, matches })
    if (this.#applied.length > REMEMBERED) this.#forgotten = this.#applied.shift()?.order ?? 0
  }

  /** Redis lost its data: nothing known so far is valid, and nothing begun so far may be stored. */
  reset(): void {
    this.#applied = []
    this.#forgotten = ++this.#order
  }

  /** Whether something that began at `order`, having seen Redis at `epoch`, may no longer be stored. */
  bars(subject: Subject, began: { order: number; epoch: number }): boolean {
    if (began.order === this.#order) return false
    if (began.order < this.#forgotten) return true
    return this.#applied.some(a => a.order > began.order && a.epoch > began.epoch && a.matches(subject))
  }

  /** Whether an entry that is still in Redis has been invalidated: its removal is under way. */
  outdates(subject: Subject, epoch: number): boolean {
    return this.#applied.some(a => a.epoch > epoch && a.epoch !== Number.POSITIVE_INFINITY && a.matches(subject))
  }
}
