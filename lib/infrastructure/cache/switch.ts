import type { Clock } from '../../core/clock.ts'
import { type Held, Hold, type HoldOptions } from '../resilience/index.ts'
import type { SwitchMode } from './port.ts'

/** Turns a cache off, or keeps it from storing, until an operator or the time ends that. Invalidations take effect throughout. */
export class CacheSwitch {
  readonly #hold: Hold<{ mode: SwitchMode }>
  readonly #changed: () => void
  /** Whether the mode has to be asked for: most lookups need not. */
  isHeld = false

  constructor(clock: Clock, changed: () => void) {
    this.#changed = changed
    this.#hold = new Hold(clock, () => this.#end())
  }

  get mode(): SwitchMode {
    this.#hold.check()
    return this.#hold.current?.mode ?? 'on'
  }

  get isOff(): boolean {
    return this.isHeld && this.mode === 'off'
  }

  /** Whether new values may be stored. */
  get stores(): boolean {
    return !this.isHeld || this.mode === 'on'
  }

  get held(): Held<{ mode: SwitchMode }> | undefined {
    this.#hold.check()
    return this.#hold.current
  }

  to(mode: SwitchMode, holder: HoldOptions): void {
    if (mode === 'on') {
      this.#end()
      return
    }
    this.#hold.begin({ mode }, holder)
    this.isHeld = true
    this.#changed()
  }

  /** Whether it was held, by this id if one is given. */
  on(id: string | undefined): boolean {
    if (!this.#hold.isHeldBy(id)) return false
    this.#end()
    return true
  }

  #end(): void {
    this.#hold.end()
    this.isHeld = false
    this.#changed()
  }
}
