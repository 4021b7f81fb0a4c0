import { newId } from '../../core/ids.ts'
import { storable } from '../../core/json.ts'
import { addressKey } from './address-key.ts'
import {
  type MessageNote,
  type Messages,
  MessagesError,
  type NewMessage,
  type Suppression,
  type WriteOptions,
} from './port.ts'
import type { AddedMessage, AddedNote, MessageStore } from './store.ts'

const PAGE = 50

/** The log over what keeps it. */
export function messagesOver(store: MessageStore): Messages {
  async function recordMany(messages: readonly NewMessage[], options: WriteOptions) {
    const added = messages.map(message => addedMessage(message))
    // One statement cannot meet a key twice; what comes second is the first one's.
    const unique = new Map<string, AddedMessage>()
    for (const message of added) if (!unique.has(identity(message))) unique.set(identity(message), message)
    const kept = unique.size === 0 ? [] : await store.add([...unique.values()], options.in)
    const byIdentity = new Map(kept.map(message => [identity(message), message]))
    return added.map(given => {
      const message = byIdentity.get(identity(given))
      if (!message) throw new MessagesError('A message was not kept', { code: 'MESSAGES_REFUSED' })
      return { message, isNew: message.id === given.id }
    })
  }

  return {
    shared: store.shared,
    async record(message, options = {}) {
      const [recorded] = await recordMany([message], options)
      return recorded as { message: NonNullable<typeof recorded>['message']; isNew: boolean }
    },
    recordMany: async (messages, options = {}) => recordMany(messages, options),
    note: async (notes, options = {}) => (notes.length === 0 ? [] : store.note(notes.map(addedNote), options.in)),
    find: id => store.find({ id }),
    findByKey: (channel, key) => store.find({ channel, key }),
    events: id => store.events(id),
    async list({ recipient, ...filter } = {}, { before, limit = PAGE } = {}) {
      const key = recipient === undefined ? {} : { key: addressKey(recipient) }
      const messages = await store.list({ ...filter, ...key }, before, limit + 1)
      return pageOf('messages', messages, limit, ({ id }) => id)
    },
    counts: since => store.counts(since),
    claimDue: ({ channel, limit, leaseMs }) => store.claimDue(channel, limit, leaseMs),
    reschedule: (id, scheduledFor, options = {}) =>
      store.act(id, { from: ['queued', 'scheduled', 'sending'], to: 'scheduled', scheduledFor }, options.in),
    begin: (id, { staleMs }) => store.act(id, { from: ['queued', 'failed'], to: 'sending', staleMs }),
    cancel: (id, { in: transaction, ...who }) =>
      store.act(
        id,
        {
          from: ['queued', 'scheduled'],
          to: 'cancelled',
          event: { id: newId(), kind: 'cancelled', detail: storable(who) },
        },
        transaction,
      ),
    async resend(id, { in: transaction, ...who }) {
      const former = await store.find({ id })
      if (!former) return undefined
      const { channel, recipients, lookup, title, template, notificationId, batchId, content } = former
      const copy = addedMessage(
        {
          channel,
          recipients,
          lookup,
          content,
          scheduledFor: Date.now(),
          ...(title === undefined ? {} : { title }),
          ...(template === undefined ? {} : { template }),
          ...(notificationId === undefined ? {} : { notificationId }),
          ...(batchId === undefined ? {} : { batchId }),
        },
        { ...who, copyOf: id },
      )
      const [message] = await store.add([copy], transaction)
      await store.note([addedNote({ message: { id }, kind: 'resent', detail: { ...who, as: copy.id } })], transaction)
      return message
    },
    async suppress(suppressions, options = {}) {
      const unique = new Map<string, Omit<Suppression, 'since'>>()
      for (const given of suppressions) {
        const suppression = storable({ ...given, address: addressKey(given.address) })
        const place = `${suppression.channel} ${suppression.address}`
        if (!unique.has(place) || suppression.reason === 'complaint') unique.set(place, suppression)
      }
      if (unique.size > 0) await store.suppress([...unique.values()], options.in)
    },
    unsuppress: (channel, address, options = {}) => store.unsuppress(channel, addressKey(address), options.in),
    async suppressed(channel, addresses) {
      if (addresses.length === 0) return new Map()
      const found = await store.suppressed(channel, [...new Set(addresses.map(addressKey))])
      const byAddress = new Map(found.map(suppression => [suppression.address, suppression]))
      return new Map(
        addresses.flatMap(address => {
          const suppression = byAddress.get(addressKey(address))
          return suppression ? [[address, suppression] as const] : []
        }),
      )
    },
    async suppressions({ address, ...filter } = {}, { before, limit = PAGE } = {}) {
      const key = address === undefined ? {} : { address: addressKey(address) }
      const found = await store.suppressions(
        { ...filter, ...key },
        before === undefined ? undefined : placeOf(before),
        limit + 1,
      )
      return pageOf('suppressions', found, limit, ({ since, channel, address: own }) => `${since} ${channel} ${own}`)
    },
    removeOlderThan: (ms, { limit = 10_000 } = {}) => store.removeOlderThan(ms, limit),
    close: () => store.close(),
  }
}

/** By which a message is told from others of a batch: its key, or else its id. */
const identity = ({ id, channel, idempotencyKey }: { id: string; channel: string; idempotencyKey?: string }) =>
  idempotencyKey === undefined ? id : `${channel} ${idempotencyKey}`

function addedMessage(
  { recipients, lookup = [], content, status, scheduledFor, ...rest }: NewMessage,
  detail: Record<string, unknown> = {},
): AddedMessage {
  if (recipients.length === 0) throw new MessagesError('A message needs a recipient', { code: 'MESSAGES_OPTIONS' })
  const begins = status ?? (scheduledFor === undefined ? 'queued' : 'scheduled')
  return storable({
    ...rest,
    id: newId(),
    recipients: [...recipients],
    keys: [...new Set([...recipients, ...lookup].map(addressKey))],
    status: begins,
    content: content ?? null,
    ...(scheduledFor === undefined ? {} : { scheduledFor }),
    event: { id: newId(), kind: begins === 'suppressed' ? begins : 'queued', detail },
  } as AddedMessage)
}

function addedNote({ detail = {}, provider, message, ...rest }: MessageNote): AddedNote {
  const by = provider ?? ('provider' in message ? message.provider : undefined)
  return storable({ ...rest, message, id: newId(), detail, ...(by === undefined ? {} : { provider: by }) })
}

function pageOf<Name extends string, Row>(name: Name, found: Row[], limit: number, place: (row: Row) => string) {
  const rows = found.slice(0, limit)
  const last = rows.at(-1)
  return { [name]: rows, ...(found.length > limit && last ? { next: place(last) } : {}) } as Record<Name, Row[]> & {
    next?: string
  }
}

function placeOf(text: string) {
  const [since = '', channel = '', ...address] = text.split(' ')
  return { since: Number(since), channel, address: address.join(' ') }
}
