import { cut } from './error-text.ts'
import { type ErrorClass, errorClass, type FailureTexts } from './failure-texts.ts'
import type { FailureClass } from './port.ts'
import { at, CLASS, CLASSES, OTHER, SEEN, WIDTH } from './statistics-layout.ts'

const LONGEST_CLASS_MESSAGE = 200

/** The failures of a sliding window by class; their counts are in the slices of the breaker's statistics. */
export class FailureClasses {
  readonly #counts: Uint32Array
  /** Where the breaker's places begin in the counts. */
  readonly #first: number
  readonly #texts: FailureTexts
  /** By number of the class, as its counts are. */
  readonly #classes = new Array<ErrorClass | undefined>(CLASSES).fill(undefined)
  readonly #messages = new Array<string | undefined>(CLASSES).fill(undefined)

  constructor(counts: Uint32Array, first: number, texts: FailureTexts) {
    this.#counts = counts
    this.#first = first
    this.#texts = texts
  }

  /** `slice`: where the places of the current one begin in the counts. */
  add(error: unknown, message: string, slice: number, now: number): void {
    const found = errorClass(error)
    const known = this.#classes.findIndex(one => one?.code === found.code && one?.name === found.name)
    const index = known >= 0 ? known : this.#begin(found, now)
    this.#messages[index] = this.#texts.keep(cut(message, LONGEST_CLASS_MESSAGE), this.#messages[index])
    this.#counts[slice + CLASS + index] = at(this.#counts, slice + CLASS + index) + 1
    this.#counts[this.#first + SEEN + index] = now
  }

  /** After slices were cleared: forgets the classes that none counts any more. */
  forgetExpired(): void {
    for (let index = 0; index < CLASSES; index++)
      if (this.#classes[index] !== undefined && this.#count(index) === 0) this.#forget(index)
  }

  /** The most frequent first. */
  report(now: number): FailureClass[] {
    const classes: FailureClass[] = []
    for (const [index, found] of this.#classes.entries()) {
      if (found === undefined) continue
      const { name, code } = found
      const message = this.#messages[index] ?? ''
      const counted = { count: this.#count(index), message, at: this.#seenAt(index, now) }
      classes.push({ name, ...(code === undefined ? {} : { code }), ...counted })
    }
    return classes.sort((a, b) => b.count - a.count || b.at - a.at)
  }

  #begin(found: ErrorClass, now: number): number {
    const free = this.#classes.indexOf(undefined)
    const index = free < 0 ? this.#makeRoom(now) : free
    this.#classes[index] = this.#texts.share(found)
    return index
  }

  /** The rarest class makes room, of several the one not seen for longest, so that a stream of new ones keeps the frequent. */
  #makeRoom(now: number): number {
    let rarest = 0
    for (let index = 1; index < CLASSES; index++) {
      const more = this.#count(index) - this.#count(rarest)
      if (more < 0 || (more === 0 && this.#seenAt(index, now) < this.#seenAt(rarest, now))) rarest = index
    }
    for (let slice = this.#first; slice < this.#first + SEEN; slice += WIDTH) {
      this.#counts[slice + OTHER] = at(this.#counts, slice + OTHER) + at(this.#counts, slice + CLASS + rarest)
      this.#counts[slice + CLASS + rarest] = 0
    }
    this.#forget(rarest)
    return rarest
  }

  #forget(index: number): void {
    const message = this.#messages[index]
    if (message !== undefined) this.#texts.release(message)
    this.#classes[index] = undefined
    this.#messages[index] = undefined
  }

  #count(index: number): number {
    let sum = 0
    for (let slice = this.#first; slice < this.#first + SEEN; slice += WIDTH)
      sum += at(this.#counts, slice + CLASS + index)
    return sum
  }

  /** ms since the epoch. The counts have its low 32 bits, which are enough for weeks before and after now. */
  #seenAt(index: number, now: number): number {
    return now - ((now - at(this.#counts, this.#first + SEEN + index)) | 0)
  }
}
