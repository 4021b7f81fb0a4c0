import { describe } from 'vitest'
import { sendingContract } from './sending.contract.ts'
import { type NotificationsUnderTest, settingOf } from './setting.contract.ts'
import { waitingContract } from './waiting.contract.ts'

export { type ChannelUnderTest, channelContract } from './channel.contract.ts'
export { type InboxUnderTest, inboxContract } from './inbox.contract.ts'
export type { NotificationsUnderTest } from './setting.contract.ts'

/** What notifications guarantee, whatever keeps them. */
export function notificationsContract(name: string, setup: () => Promise<NotificationsUnderTest>): void {
  describe(`${name} keeps the contract of notifications`, () => {
    const setting = settingOf(setup)
    sendingContract(setting)
    waitingContract(setting)
  })
}
