import { afterEach, beforeEach } from 'vitest'
import { type SagaBuilder, type Sagas, StepRefusedError, saga } from './index.ts'
import type { SagaRun } from './port.ts'

export interface SagasUnderTest {
  sagas: Sagas
  /** Over the same store, as another process has them. */
  another(): Promise<Sagas>
  close(): Promise<void>
}

export const QUICK = { attempts: 3, initialDelayMs: 1, maxDelayMs: 1 }
export const POLL = { pollMs: 10 }
export const refuse = () => {
  throw new StepRefusedError('no room left')
}
export const statesOf = ({ steps }: SagaRun) => steps.map(({ state }) => state)

type Trip = SagaBuilder<{ to: string }, unknown>

/** Sagas that nothing else uses, for a test of the contract. */
export interface Setting {
  readonly under: SagasUnderTest
  /** What the steps of `trip` did, in order. */
  readonly did: string[]
  /** Three steps that note what they do; where `fails` names one, that is called. */
  trip(fails?: Partial<Record<string, () => unknown>>, options?: Parameters<typeof saga>[1]): Trip
  /** Starts one and waits until it has settled. */
  run(definition: Trip): Promise<SagaRun>
}

/** New for each test. */
export function settingOf(setup: () => Promise<SagasUnderTest>): Setting {
  let under: SagasUnderTest
  let did: string[]
  beforeEach(async () => {
    under = await setup()
    did = []
  })
  afterEach(() => under.close())
  return {
    get under() {
      return under
    },
    get did() {
      return did
    },
    trip(fails = {}, options = {}) {
      const does = (what: string) => async () => {
        did.push(what)
        await fails[what]?.()
        return `${what} made`
      }
      const undoes = (what: string) => async () => {
        did.push(`undo ${what}`)
        await fails[`undo ${what}`]?.()
      }
      const step = (what: string) => ({
        run: does(what),
        compensate: undoes(what),
        retry: QUICK,
        compensationRetry: QUICK,
      })
      return saga<{ to: string }>('trip', options)
        .step('flight', step('flight'))
        .step('hotel', step('hotel'))
        .step('car', step('car')) as Trip
    },
    async run(definition) {
      const started = await under.sagas.define(definition).start({ to: 'Rome' })
      under.sagas.work(POLL)
      return under.sagas.settled(started.id)
    },
  }
}
