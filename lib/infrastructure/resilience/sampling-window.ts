import { BreakerOptionsError, type BreakerPolicy } from './port.ts'
import type { FailureWindow } from './window.ts'

type SamplingPolicy = Extract<BreakerPolicy, { kind: 'sampling' }>

const LEAST_SLICES = 5
const MOST_SLICES = 60
const SLICE_MS = 1_000

/**
 * Calls and failures of the last `durationMs`, in slices of a second, or longer so that there are at most 60. cockatiel's SamplingBreaker
 * is not used: it advances by one slice a call, so that under sparse traffic an hour-old failure still counts, and its
 * slices take four times the memory.
 */
export class SamplingWindow implements FailureWindow {
  readonly #policy: SamplingPolicy
  readonly #sliceMs: number
  /** Calls and failures of each slice, in turn. Small integers, which an array stores as they are. */
  readonly #counts: number[]
  /** Where those of the current slice are, and when it began. */
  #at = 0
  #beganAt = Date.now()
  #calls = 0
  #failures = 0

  constructor(policy: SamplingPolicy) {
    const { threshold, durationMs, minimumRps = 0 } = policy
    refuse(threshold > 0 && threshold < 1, 'threshold should be between 0 and 1', threshold)
    refuse(durationMs >= LEAST_SLICES, `durationMs should be at least ${LEAST_SLICES}`, durationMs)
    refuse(minimumRps >= 0, 'minimumRps should be 0 or more', minimumRps)
    this.#policy = policy
    const slices = Math.min(MOST_SLICES, Math.max(LEAST_SLICES, Math.ceil(durationMs / SLICE_MS)))
    this.#sliceMs = durationMs / slices
    this.#counts = new Array<number>(2 * slices).fill(0)
  }

  success(): void {
    this.#turn()
    this.#add(0)
  }

  failure(): boolean {
    this.#turn()
    this.#add(1)
    const { threshold, durationMs, minimumRps = 0 } = this.#policy
    // 30 calls must be enough for 1/3 a second over 90 s, whatever their product rounds to.
    const minimum = Math.max(1, Math.ceil((minimumRps * durationMs) / 1000 - 1e-6))
    return this.#calls >= minimum && this.#failures > threshold * this.#calls
  }

  counts(): { calls: number; failures: number } {
    this.#turn()
    return { calls: this.#calls, failures: this.#failures }
  }

  clear(): void {
    this.#counts.fill(0)
    this.#calls = 0
    this.#failures = 0
  }

  #add(failures: 0 | 1): void {
    const at = this.#at
    ;(this.#counts[at] as number)++
    this.#calls++
    if (failures === 0) return
    ;(this.#counts[at + 1] as number)++
    this.#failures++
  }

  /** Forgets the slices that the clock has passed. */
  #turn(): void {
    const now = Date.now()
    const elapsed = now - this.#beganAt
    if (elapsed >= 0 && elapsed < this.#sliceMs) return
    const { length } = this.#counts
    // A clock that was set back counts as one that went on: of what was counted it is not known when.
    const passed = elapsed < 0 ? length : Math.floor(elapsed / this.#sliceMs)
    this.#beganAt = elapsed < 0 ? now : this.#beganAt + passed * this.#sliceMs
    for (let next = 0; next < Math.min(passed, length / 2); next++) {
      this.#at = (this.#at + 2) % length
      this.#calls -= this.#counts[this.#at] as number
      this.#failures -= this.#counts[this.#at + 1] as number
      this.#counts[this.#at] = 0
      this.#counts[this.#at + 1] = 0
    }
  }
}

function refuse(fits: boolean, rule: string, given: number): void {
  if (!fits) throw new BreakerOptionsError(`This breaker policy cannot work: ${rule}, got ${given}`)
}
