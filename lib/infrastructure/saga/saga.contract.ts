import { describe } from 'vitest'
import { actsContract } from './acts.contract.ts'
import { processesContract } from './processes.contract.ts'
import { type SagasUnderTest, settingOf } from './setting.contract.ts'
import { stepsContract } from './steps.contract.ts'

export type { SagasUnderTest } from './setting.contract.ts'

/** What sagas guarantee, whatever keeps them. */
export function sagaContract(name: string, setup: () => Promise<SagasUnderTest>): void {
  describe(`${name} keeps the contract of sagas`, () => {
    const setting = settingOf(setup)
    stepsContract(setting)
    actsContract(setting)
    processesContract(setting)
  })
}
