import { defineOperation } from '../../../platform/operation/define.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { asked } from '../acts.ts'
import { oneAddress, suppressionAct } from '../suppression-input.ts'

export const unsuppressAddress = defineOperation({
  ...suppressionAct,
  id: 'message.unsuppress',
  title: 'Take an address off the list',
  description: 'Messages are sent to it again on this channel.',
  place: 'messages/suppressions?act=message.unsuppress',

  async preview({ environment }, { database, channel, address }) {
    const found = await asked(environment, database, log => log.suppressed(channel, [address]))
    const known = found.get(address)
    if (!known) throw new RefusalError({ code: 'conflict', message: 'It is not on the list: there is nothing to do.' })
    return {
      summary: `${channel} messages will be sent to ${address} again.`,
      action: 'Take it off the list',
      affected: oneAddress(),
      warnings: [
        ...(known.reason === 'complaint'
          ? ['Its owner has complained of messages: sending more may have the provider block you.']
          : []),
        ...(known.reason === 'bounce' ? ['It has bounced: it may not exist.'] : []),
        ...(known.reason === 'unsubscribe' ? ['Its owner has unsubscribed.'] : []),
      ],
      undoWords: 'Suppress it again; its reason is then manual.',
    }
  },

  async run({ environment }, { database, channel, address }) {
    const was = await asked(environment, database, log => log.unsuppress(channel, address))
    if (!was) throw new RefusalError({ code: 'conflict', message: 'It is not on the list any more.' })
    return { status: 'succeeded', summary: `Took an address of ${channel} off the list.` }
  },
})
