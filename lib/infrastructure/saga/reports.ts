import { messageOf } from '../../core/errors.ts'
import type { SagaCounts, SagaDefinition, SagaReport, SagaRun } from './port.ts'
import { shownRun } from './record.ts'
import type { SagaStore } from './store.ts'

/** How often the store is looked at (ms). */
const LOOK_EVERY = 5_000
/** Of each saga: the report of a process has a limited size. */
const FAILED = 5
/** Characters of a message in a report. */
const MESSAGE = 300

/** What a process reports of its sagas. */
export class SagaReports {
  readonly #store: SagaStore
  readonly #definitions: ReadonlyMap<string, Pick<SagaDefinition<never>, 'name' | 'steps'>>
  #timer: NodeJS.Timeout | undefined
  #closed = false
  #looking: Promise<void> | undefined
  #again = false
  #seen: { at: number; counts: Map<string, SagaCounts>; failed: SagaRun[] } | undefined
  #unknownBecause: string | undefined
  #noted = ''
  works = false
  revision = 0

  constructor(store: SagaStore, definitions: ReadonlyMap<string, Pick<SagaDefinition<never>, 'name' | 'steps'>>) {
    this.#store = store
    this.#definitions = definitions
  }

  /** Something may have changed: looked at again, where anyone asks for reports. */
  changed(): void {
    this.revision++
    if (this.#timer) void this.look()
  }

  look(): Promise<void> {
    if (this.#closed) return Promise.resolve()
    if (this.#looking) this.#again = true
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined
      if (!this.#again) return
      this.#again = false
      void this.look()
    })
    return this.#looking
  }

  async #look(): Promise<void> {
    const names = [...this.#definitions.keys()]
    if (names.length === 0) return
    try {
      const counts = await this.#store.counts(names)
      const failing = names.filter(name => (counts.get(name)?.failed ?? 0) > 0)
      const failed = await Promise.all(failing.map(saga => this.#store.list({ saga, state: 'failed', limit: FAILED })))
      this.#seen = { at: Date.now(), counts, failed: failed.flat().map(shownRun).map(shortened) }
      this.#unknownBecause = undefined
    } catch (error) {
      this.#unknownBecause = messageOf(error).slice(0, MESSAGE)
    }
    const noted = JSON.stringify([
      this.#seen && { ...this.#seen, at: 0, counts: [...this.#seen.counts] },
      this.#unknownBecause,
    ])
    if (noted !== this.#noted) this.revision++
    this.#noted = noted
  }

  /** A process whose reports are not asked for does not ask the store either. */
  reports(): SagaReport[] {
    if (!this.#timer && !this.#closed) {
      this.#timer = setInterval(() => void this.look(), LOOK_EVERY).unref()
      void this.look()
    }
    return [...this.#definitions.values()].map(({ name, steps }) => {
      const counts = this.#seen?.counts.get(name)
      return {
        name,
        shared: this.#store.shared,
        works: this.works,
        steps: steps.map(({ name, compensate, pivot }) => ({
          name,
          compensates: compensate !== undefined,
          ...(pivot ? { pivot } : {}),
        })),
        ...(this.#seen ? { at: this.#seen.at } : {}),
        ...(counts ? { counts } : {}),
        ...(this.#unknownBecause === undefined ? {} : { unknownBecause: this.#unknownBecause }),
        failed: (this.#seen?.failed ?? []).filter(({ saga }) => saga === name),
      }
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#timer)
    await this.#looking
  }
}

const shortened = (run: SagaRun): SagaRun => ({
  ...run,
  steps: run.steps.map(({ error, ...step }) => ({
    ...step,
    ...(error === undefined ? {} : { error: error.slice(0, MESSAGE) }),
  })),
  ...(run.error ? { error: { ...run.error, message: run.error.message.slice(0, MESSAGE) } } : {}),
  acts: run.acts.slice(-5),
})
