import type { Suppression } from '../port.ts'
import type { MessageStore, SuppressionPlace } from '../store.ts'

export function memorySuppressions(): Pick<MessageStore, 'suppress' | 'unsuppress' | 'suppressed' | 'suppressions'> {
  const list = new Map<string, Suppression>()
  const place = (channel: string, address: string) => `${channel} ${address}`
  return {
    async suppress(suppressions) {
      for (const suppression of suppressions) {
        const at = place(suppression.channel, suppression.address)
        const former = list.get(at)
        if (!former) list.set(at, { ...suppression, since: Date.now() })
        else if (suppression.reason === 'complaint') list.set(at, { ...former, ...suppression })
      }
    },
    unsuppress: async (channel, address) => list.delete(place(channel, address)),
    suppressed: async (channel, addresses) => addresses.flatMap(address => list.get(place(channel, address)) ?? []),
    async suppressions({ channel, reason, address }, before, limit) {
      return [...list.values()]
        .filter(
          each =>
            (channel === undefined || each.channel === channel) &&
            (reason === undefined || each.reason === reason) &&
            (address === undefined || each.address === address) &&
            (before === undefined || isAfter(each, before)),
        )
        .sort((a, b) => (isAfter(a, b) ? 1 : -1))
        .slice(0, limit)
    },
  }
}

/** Further down the list, which has the newest first. */
function isAfter(a: SuppressionPlace, b: SuppressionPlace): boolean {
  if (a.since !== b.since) return a.since < b.since
  if (a.channel !== b.channel) return a.channel < b.channel
  return a.address < b.address
}
