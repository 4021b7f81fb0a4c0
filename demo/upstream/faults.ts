const PROVIDERS = ['payments', 'tax', 'mail'] as const
export type Provider = (typeof PROVIDERS)[number]
const MODES = ['schedule', 'ok', 'fail', 'hang'] as const
type Mode = (typeof MODES)[number]
type Behaviour = Exclude<Mode, 'schedule'>

/** Payments are well for 90 s after the start, then fail for a minute of every five. In ms. */
export const FIRST_FAULT = 90_000
export const FAULT_LASTS = 60_000
export const FAULT_EVERY = 300_000

/** How payments behave so long after the start, when the schedule decides. */
export function scheduled(elapsedMs: number): Behaviour {
  const into = elapsedMs - FIRST_FAULT
  return into >= 0 && into % FAULT_EVERY < FAULT_LASTS ? 'fail' : 'ok'
}

/** Time until the schedule changes its mind. */
export function untilChange(elapsedMs: number): number {
  if (elapsedMs < FIRST_FAULT) return FIRST_FAULT - elapsedMs
  const into = (elapsedMs - FIRST_FAULT) % FAULT_EVERY
  return into < FAULT_LASTS ? FAULT_LASTS - into : FAULT_EVERY - into
}

/** Which provider is broken now, by schedule or by order. */
export class Faults {
  readonly #startedAt = performance.now()
  readonly #modes: Record<Provider, Mode> = { payments: 'schedule', tax: 'schedule', mail: 'schedule' }
  /** Requests that arrived, whatever their outcome: proof of calls, or that there were none. */
  readonly #calls: Record<Provider, number> = { payments: 0, tax: 0, mail: 0 }

  /** Counts a request and says how to treat it. */
  meet(provider: Provider): Behaviour {
    this.#calls[provider]++
    return this.#behaviour(provider)
  }

  set(modes: Partial<Record<Provider, Mode>>): void {
    Object.assign(this.#modes, modes)
  }

  report() {
    const elapsedMs = Math.round(performance.now() - this.#startedAt)
    return {
      modes: { ...this.#modes },
      now: { payments: this.#behaviour('payments'), tax: this.#behaviour('tax'), mail: this.#behaviour('mail') },
      calls: { ...this.#calls },
      elapsedMs,
      scheduleChangesInMs: untilChange(elapsedMs),
    }
  }

  #behaviour(provider: Provider): Behaviour {
    const mode = this.#modes[provider]
    if (mode !== 'schedule') return mode
    // Only payments have a schedule; mail refuses some mailboxes always, and tax has a hiccup now and then.
    return provider === 'payments' ? scheduled(performance.now() - this.#startedAt) : 'ok'
  }
}

/** The modes in a control request, or a sentence about what is wrong with it. */
export function readModes(body: unknown): Partial<Record<Provider, Mode>> | string {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return 'send an object such as {"payments":"fail"}'
  for (const [provider, mode] of Object.entries(body)) {
    if (!(PROVIDERS as readonly string[]).includes(provider)) return `${provider} is not one of ${PROVIDERS.join(', ')}`
    if (!(MODES as readonly unknown[]).includes(mode)) return `${provider} must be one of ${MODES.join(', ')}`
  }
  return body
}
