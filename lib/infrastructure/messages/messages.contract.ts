import { describe } from 'vitest'
import { actsContract } from './acts.contract.ts'
import { eventsContract } from './events.contract.ts'
import { recordingContract } from './recording.contract.ts'
import { type MessagesUnderTest, settingOf } from './setting.contract.ts'
import { suppressionsContract } from './suppressions.contract.ts'

export type { MessagesUnderTest } from './setting.contract.ts'

/** What the log of messages guarantees, whatever keeps it. */
export function messagesContract(name: string, setup: () => Promise<MessagesUnderTest>): void {
  describe(`${name} keeps the contract of messages`, () => {
    const setting = settingOf(setup)
    recordingContract(setting)
    eventsContract(setting)
    actsContract(setting)
    suppressionsContract(setting)
  })
}
