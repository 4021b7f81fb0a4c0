import { afterEach, beforeEach } from 'vitest'
import type { Messages, NewMessage } from './port.ts'

export interface MessagesUnderTest {
  messages: Messages
  close(): Promise<void>
}

/** A log that nothing else uses, for each test of the contract. */
export interface Setting {
  readonly messages: Messages
  /** Records an email to Mia. */
  record(more?: Partial<NewMessage>): Promise<string>
}

export function settingOf(setup: () => Promise<MessagesUnderTest>): Setting {
  let under: MessagesUnderTest
  beforeEach(async () => {
    under = await setup()
  })
  afterEach(() => under.close())
  return {
    get messages() {
      return under.messages
    },
    async record(more = {}) {
      return (await under.messages.record({ ...email('mia@example.com'), ...more })).message.id
    },
  }
}

export const email = (to: string): NewMessage => ({
  channel: 'email',
  recipients: [to],
  title: 'Your order',
  content: { text: 'It is on its way' },
})
