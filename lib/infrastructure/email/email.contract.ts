import { afterEach, beforeEach, describe } from 'vitest'
import { contentContract } from './content.contract.ts'
import { failuresContract } from './failures.contract.ts'
import type { EmailUnderTest } from './setting.contract.ts'

export type { EmailUnderTest, Fault, ReceivedEmail } from './setting.contract.ts'

/** What a provider of email guarantees; `sends` is false where nothing leaves the process. */
export function emailContract(name: string, setup: () => Promise<EmailUnderTest>, { sends = true } = {}): void {
  describe(`${name} keeps the contract of email`, () => {
    let under: EmailUnderTest
    beforeEach(async () => {
      under = await setup()
    })
    afterEach(() => under.close())
    const on = {
      get under() {
        return under
      },
    }
    contentContract(on)
    if (sends) failuresContract(on)
  })
}
