import { newId } from '../../core/ids.ts'
import type { Message, Messages, NewMessage } from '../messages/index.ts'
import { type Attempt, type Delivered, deliver } from './deliver.ts'
import type { SendOptions, SentEmail } from './emails-port.ts'
import { keptEmail } from './kept.ts'
import type { NoteWriter } from './note-writer.ts'
import { attemptNotes, deliveredNotes, failedNotes } from './notes.ts'
import { type Email, EmailError } from './port.ts'
import type { guardedProviders, WhenUnknown } from './providers.ts'

/** Without news for this long, who was sending an email counts as crashed (ms). */
const STALE = 120_000

export interface SendingDependencies {
  providers: ReturnType<typeof guardedProviders>
  /** Absent: nothing is recorded. */
  messages?: Messages | undefined
  note: NoteWriter
  whenUnknown: WhenUnknown
}

interface RecordedOptions {
  only?: string | undefined
  signal?: AbortSignal | undefined
  isFinal?(error: unknown): boolean
}

export interface Sendable {
  email: Email
  options: SendOptions
  template?: string | undefined
}

/** How emails go out: without those who get nothing more, recorded, sent, and noted. */
export function sendingOver({ providers, messages, note, whenUnknown }: SendingDependencies) {
  /** Rejects with EmailError once it is noted that it failed: for good, unless `isFinal` says otherwise. */
  async function sendRecorded(
    email: Email,
    { id, idempotencyKey = id }: Pick<Message, 'id' | 'idempotencyKey'>,
    { only, signal, isFinal = () => true }: RecordedOptions,
  ): Promise<Delivered> {
    const attempts: Attempt[] = []
    try {
      const options = { key: idempotencyKey, messageId: id, signal, whenUnknown, only }
      const delivered = await deliver(providers, email, options, attempts)
      await note(deliveredNotes(id, attempts, delivered))
      return delivered
    } catch (error) {
      await note(isFinal(error) ? failedNotes(id, attempts, error) : attemptNotes(id, attempts))
      throw error
    }
  }

  /**
   * Where an email that may have been sent can be sent again without being doubled: the provider that it was given to, if that takes keys. Undefined: anywhere.
   * Rejects where it cannot.
   */
  async function providerAfter(log: Messages, id: string, isCertainlyUnknown: boolean): Promise<string | undefined> {
    const unknown = (await log.events(id)).filter(({ detail }) => detail.unknown === true).at(-1)
    if (whenUnknown === 'next' || !(unknown || isCertainlyUnknown)) return undefined
    const safe = providers.guarded.filter(({ port }) => port.takesIdempotencyKeys)
    const [same] = safe.filter(({ name }) => name === unknown?.provider)
    if (same) return same.name
    // A crash leaves no word of the provider: where all take keys, it is the first, as it was then.
    if (!unknown && safe.length === providers.guarded.length) return safe[0]?.name
    throw new EmailError('An earlier attempt may have sent this email, so it is not sent again', {
      code: 'EMAIL_OUTCOME_UNKNOWN',
      notDone: false,
      nextStep: 'Look at the mailbox or the provider; resend it from the log of messages if it did not arrive.',
    })
  }

  async function sendKnown(log: Messages, message: Message, sendable: Sendable): Promise<SentEmail> {
    const begun = await log.begin(message.id, { staleMs: STALE })
    if (!begun.done && begun.status === 'sending')
      throw new EmailError('This email is being sent right now', {
        code: 'EMAIL_OUTCOME_UNKNOWN',
        notDone: false,
        retryable: true,
      })
    if (!begun.done) return { ...knownEmail(message), status: begun.status ?? message.status }
    const only = await providerAfter(log, message.id, message.status === 'sending').catch(async error => {
      await note(failedNotes(message.id, [], error))
      throw error
    })
    const delivered = await sendRecorded(sendable.email, message, { only, signal: sendable.options.signal })
    return { ...sentEmail(message.id, delivered), isNew: false }
  }

  return {
    sendRecorded,
    providerAfter,
    /** Whether the same email can be given to this provider again, and is sent once. */
    takesKeys: (provider: string | undefined) =>
      providers.guarded.some(({ name, port }) => name === provider && port.takesIdempotencyKeys),
    /** Outcomes in the order of the emails; all are recorded in one write before the first is sent. */
    async sendAll(
      sendables: readonly Sendable[],
      run: <T>(works: (() => Promise<T>)[]) => Promise<PromiseSettledResult<T>[]>,
    ): Promise<PromiseSettledResult<SentEmail>[]> {
      if (!messages)
        return run(
          sendables.map(({ email, options }) => async () => {
            const delivered = await deliver(
              providers,
              email,
              { key: options.idempotencyKey ?? newId(), signal: options.signal, whenUnknown },
              [],
            )
            return sentEmail(delivered.answer.id, delivered)
          }),
        )
      const log = messages
      const kept = await withoutSuppressed(log, sendables)
      const recorded = await log.recordMany(
        kept.map(({ sendable, left }) =>
          newMessage({ ...sendable, email: left ?? sendable.email }, left === undefined),
        ),
      )
      return run(
        kept.map(({ sendable, left, suppressed }, n) => async (): Promise<SentEmail> => {
          const { message, isNew } = recorded[n] as (typeof recorded)[number]
          const { signal } = sendable.options
          if (left === undefined || (isNew && message.status === 'scheduled'))
            return { ...knownEmail(message), isNew, suppressed }
          if (!isNew) return { ...(await sendKnown(log, message, { ...sendable, email: left })), suppressed }
          return { ...sentEmail(message.id, await sendRecorded(left, message, { signal })), suppressed }
        }),
      )
    },
  }
}

export type Sending = ReturnType<typeof sendingOver>

/** `left` has the recipients that may get it; undefined when there are none. */
export async function withoutSuppressed(messages: Messages, sendables: readonly Sendable[]) {
  const addresses = sendables.flatMap(({ email }) => addressesOf(email))
  const listed = await messages.suppressed('email', [...new Set(addresses)])
  return sendables.map(sendable => {
    const { email } = sendable
    const suppressed = addressesOf(email).filter(address => listed.has(address))
    if (suppressed.length === 0) return { sendable, left: email, suppressed }
    const isLeft = ({ email: address }: { email: string }) => !listed.has(address)
    const left = { ...email, to: email.to.filter(isLeft), cc: email.cc.filter(isLeft), bcc: email.bcc.filter(isLeft) }
    return { sendable, left: addressesOf(left).length > 0 ? left : undefined, suppressed }
  })
}

const addressesOf = ({ to, cc, bcc }: Email) => [...to, ...cc, ...bcc].map(({ email }) => email)

function newMessage({ email, options, template }: Sendable, isSuppressed: boolean): NewMessage {
  const { idempotencyKey, batchId, notificationId, lookup, scheduledFor } = options
  return {
    channel: 'email',
    recipients: addressesOf(email),
    title: email.subject,
    content: keptEmail(email),
    template,
    idempotencyKey,
    batchId,
    notificationId,
    lookup,
    ...(isSuppressed
      ? { status: 'suppressed' }
      : scheduledFor === undefined
        ? { status: 'sending' }
        : { scheduledFor }),
  }
}

function sentEmail(id: string, { answer, provider }: Delivered): SentEmail {
  const { accepted, rejected } = answer
  return { id, status: 'sent', isNew: true, provider, providerMessageId: answer.id, accepted, rejected, suppressed: [] }
}

function knownEmail({ id, status, provider, providerMessageId }: Message): SentEmail {
  return {
    id,
    status,
    isNew: false,
    provider,
    providerMessageId,
    accepted: [],
    rejected: [],
    suppressed: [],
  }
}
