import { defineOperation } from '../../../platform/operation/define.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { asked } from '../acts.ts'
import { oneAddress, suppressionAct } from '../suppression-input.ts'

export const suppressAddress = defineOperation({
  ...suppressionAct,
  id: 'message.suppress',
  title: 'Suppress an address',
  description: 'Nothing is sent to it on this channel any more, until it is taken off the list.',
  place: 'messages/suppressions?act=message.suppress',

  async preview({ environment }, { database, channel, address }) {
    const found = await asked(environment, database, log => log.suppressed(channel, [address]))
    const known = found.get(address)
    if (known) throw new RefusalError({ code: 'conflict', message: `It is on the list already, for ${known.reason}.` })
    return {
      summary: `No ${channel} message will be sent to ${address}.`,
      action: 'Suppress the address',
      affected: oneAddress(),
      undoWords: 'Take it off the list.',
    }
  },

  async run({ environment }, { database, channel, address, reason }, { actor }) {
    await asked(environment, database, log =>
      log.suppress([{ channel, address, reason: 'manual', by: actor.name, note: reason }]),
    )
    return { status: 'succeeded', summary: `Suppressed an address of ${channel}.` }
  },
})
