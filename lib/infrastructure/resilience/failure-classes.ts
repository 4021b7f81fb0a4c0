import { messageOf } from '../../core/errors.ts'
import type { FailureClass } from './port.ts'

/** Classes told apart within the window; what exceeds them is counted as `other`. */
const CLASSES = 8
const LONGEST_CLASS_MESSAGE = 200
const LONGEST_NAME = 80
/** Characters kept of a breaker's last failure; a console refuses reports with more than 2,000. */
export const LONGEST_MESSAGE = 1_000

interface Counted {
  name: string
  code: string | undefined
  message: string
  at: number
  /** Failures by slice of the window. */
  counts: number[]
}

/** The failures of a sliding window by class: an error's name, and its `code` where it has one. */
export class FailureClasses {
  readonly #slices: number
  /** Made with its first class: a literal of one takes an eighth of what a first push reserves. */
  #classes: Counted[] | undefined
  /** Failures of classes that were pushed out, by slice. Allocated with the first. */
  #other: number[] | undefined

  constructor(slices: number) {
    this.#slices = slices
  }

  add(error: unknown, slot: number, at: number): void {
    const { name, code } = classOf(error)
    let found = this.#classes?.find(counted => counted.name === name && counted.code === code)
    if (found === undefined) {
      found = { name, code, message: '', at, counts: this.#noCounts() }
      if (this.#classes === undefined) this.#classes = [found]
      else this.#makeRoom(this.#classes).push(found)
    }
    increase(found.counts, slot, 1)
    found.message = textOf(error, LONGEST_CLASS_MESSAGE)
    found.at = at
  }

  /** Forgets what a slice counted, and the classes that no slice counts any more. */
  clear(slot: number): void {
    for (const counted of this.#classes ?? []) counted.counts[slot] = 0
    this.#classes = this.#classes?.filter(counted => total(counted.counts) > 0)
    if (this.#other !== undefined) this.#other[slot] = 0
  }

  /** Classes by count, the most frequent first. */
  report(): { failureClasses: FailureClass[]; otherFailures: number } {
    const failureClasses = (this.#classes ?? []).map(({ name, code, message, at, counts }) => ({
      name,
      ...(code === undefined ? {} : { code }),
      count: total(counts),
      message,
      at,
    }))
    return {
      failureClasses: failureClasses.sort((a, b) => b.count - a.count || b.at - a.at),
      otherFailures: this.#other === undefined ? 0 : total(this.#other),
    }
  }

  /** The rarest class makes room, of several the one not seen for longest, so that a stream of new ones keeps the frequent. */
  #makeRoom(classes: Counted[]): Counted[] {
    if (classes.length < CLASSES) return classes
    classes.sort((a, b) => total(b.counts) - total(a.counts) || b.at - a.at)
    const rarest = classes.pop()
    this.#other ??= this.#noCounts()
    for (const [slot, count] of rarest?.counts.entries() ?? []) increase(this.#other, slot, count)
    return classes
  }

  #noCounts(): number[] {
    return new Array<number>(this.#slices).fill(0)
  }
}

function increase(counts: number[], slot: number, by: number): void {
  counts[slot] = (counts[slot] ?? 0) + by
}

function total(counts: number[]): number {
  let sum = 0
  for (const count of counts) sum += count
  return sum
}

function classOf(error: unknown): { name: string; code: string | undefined } {
  if (!(error instanceof Error)) return { name: typeof error, code: undefined }
  const code = codeOf(error)
  return { name: cut(String(error.name), LONGEST_NAME), code: code === undefined ? undefined : cut(code, LONGEST_NAME) }
}

/** The `code` of an error as text, where it has one: `ECONNREFUSED`, `23505`. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return
  const { code } = error
  return typeof code === 'string' || typeof code === 'number' ? String(code) : undefined
}

/** The message of anything that was thrown, cut. Never throws: the caller must get the error of its call. */
export function textOf(thrown: unknown, length: number): string {
  try {
    return cut(String(messageOf(thrown)), length)
  } catch {
    return 'An error that cannot be shown as text'
  }
}

/** At most `length` characters, as a string of its own: a plain slice would keep the whole text in memory. */
function cut(text: string, length: number): string {
  return text.length <= length ? text : Buffer.from(text.slice(0, length)).toString()
}
