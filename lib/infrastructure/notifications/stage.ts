import type { Messages } from '../messages/index.ts'
import type { ChannelSet } from './channel-set.ts'
import { loggedOutcome } from './log.ts'
import type { KeptRecord, KeptSend } from './record.ts'
import type { Outcome } from './store.ts'

interface Judged {
  record: KeptRecord
  /** Until the next attempt, where one is to be made. */
  retryInMs: number | undefined
  channels: ChannelSet
  messages: Messages | undefined
  signal: AbortSignal
  onError(error: unknown): void
}

/** At most between two looks whether a send was delivered (ms). */
const LOOK_AGAIN = 15_000
const LEAST = 10

/** What follows once the sends of a stage were made; undefined: the next stage. */
export async function judgeStage({ record, retryInMs, ...parts }: Judged): Promise<Outcome | undefined> {
  const sends = record.sends.filter(({ stage }) => stage === record.stage)
  const hasNext = record.stages?.[record.stage + 1] !== undefined
  const awaited = sends.filter(send => send.state === 'accepted' && confirms(send, parts.channels))
  if (hasNext) await confirm(awaited, parts)
  const is = (state: KeptSend['state']) => sends.some(send => send.state === state)
  const isAwaited = awaited.some(({ state }) => state === 'accepted')
  const isReached = is('delivered') || (is('accepted') && !(isAwaited && hasNext))
  const leftMs = Number(record.stageSince) + record.fallbackAfterMs - Date.now()
  if (retryInMs !== undefined && (isReached || !hasNext || leftMs > 0)) {
    record.waitsFor = 'retry'
    return { state: 'sending', dueInMs: hasNext && !isReached ? Math.min(retryInMs, leftMs) : retryInMs }
  }
  if (isReached) return { state: is('delivered') ? 'delivered' : 'sent' }
  if (isAwaited && leftMs > 0) {
    record.waitsFor = 'delivery'
    return { state: 'sending', dueInMs: Math.max(LEAST, Math.min(leftMs, LOOK_AGAIN, record.fallbackAfterMs / 4)) }
  }
  for (const send of sends) if (send.state === 'pending') send.state = 'skipped'
  return undefined
}

const confirms = ({ channel, provider }: KeptSend, channels: ChannelSet) =>
  channels.find(channel, provider)?.confirmsDelivery === true

/** Looks what has become of sends that were accepted: in the log, which webhooks write to, and among the receipts of the provider. */
async function confirm(
  sends: readonly KeptSend[],
  { channels, messages, signal, onError }: Omit<Judged, 'record' | 'retryInMs'>,
) {
  for (const send of sends) {
    const outcome = await loggedOutcome(messages, send)
    if (outcome) {
      send.state = outcome
      continue
    }
    const { channel, provider, providerMessageId: id } = send
    if (id === undefined) continue
    try {
      const receipt = (await channels.find(channel, provider)?.receipts?.([id], signal))?.get(id)
      if (receipt) send.state = receipt.state
      if (receipt?.state === 'failed') send.error = receipt.error
      if (receipt?.state === 'failed' && receipt.gone) send.gone = true
    } catch (error) {
      onError(error)
    }
  }
}
