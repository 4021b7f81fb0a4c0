import { composeEmail } from './compose.ts'
import type { BulkOptions, BulkRecipient, BulkResult, Emails, Envelope, SendOptions, SentEmail } from './emails-port.ts'
import { inTurn } from './in-turn.ts'
import { type AddressLike, EmailError, type NewEmail } from './port.ts'
import type { guardedProviders } from './providers.ts'
import type { scheduledEmails } from './scheduled.ts'
import type { Sendable, Sending } from './sending.ts'
import { type EmailTemplate, renderTemplate, withText } from './template.ts'

/** Emails that are recorded in one write, and rendered before the first of them is sent. */
const BATCH = 500

export interface EmailsDependencies {
  from: AddressLike | undefined
  sending: Sending
  providers: ReturnType<typeof guardedProviders>
  /** Absent without a log. */
  scheduled: ReturnType<typeof scheduledEmails> | undefined
}

export function emailsOver({ from, sending, providers, scheduled }: EmailsDependencies): Emails {
  const underWay = new Set<Promise<unknown>>()

  function tracked<T>(work: Promise<T>): Promise<T> {
    underWay.add(work)
    const forget = () => underWay.delete(work)
    work.then(forget, forget)
    return work
  }
  function assertLog(what: string): NonNullable<typeof scheduled> {
    if (scheduled) return scheduled
    throw new EmailError(`${what} needs the log of messages`, {
      code: 'EMAIL_INVALID',
      notDone: true,
      nextStep: 'Pass messages to createEmail.',
    })
  }

  async function sendable(email: NewEmail, options: SendOptions, template?: string): Promise<Sendable> {
    if (options.scheduledFor !== undefined) assertLog('A scheduled email')
    options.signal?.throwIfAborted()
    return { email: composeEmail(await withText(email), { from }), options, template }
  }
  async function sendOne(made: Promise<Sendable>): Promise<SentEmail> {
    const [outcome] = await sending.sendAll([await made], works => Promise.allSettled(works.map(work => work())))
    if (outcome?.status === 'fulfilled') return outcome.value
    throw outcome?.reason
  }
  async function templated<Variables>(
    template: EmailTemplate<Variables>,
    variables: Variables,
    envelope: Envelope,
    options: SendOptions,
  ): Promise<Sendable> {
    return sendable({ ...envelope, ...(await renderTemplate(template, variables)) }, options, template.name)
  }

  async function sendBatch<Variables>(
    template: EmailTemplate<Variables>,
    recipients: readonly BulkRecipient<Variables>[],
    { concurrency = 10, signal, scheduledFor, batchId, notificationId, ...envelope }: BulkOptions,
  ): Promise<BulkResult[]> {
    const made = await Promise.allSettled(
      recipients.map(({ to, variables, ...own }) => {
        const shared = { signal, scheduledFor, batchId, notificationId }
        const options = Object.fromEntries(
          Object.entries({ ...shared, ...own }).filter(([, value]) => value !== undefined),
        )
        return templated(template, variables, { ...envelope, to }, options)
      }),
    )
    const ready = made.flatMap(each => (each.status === 'fulfilled' ? [each.value] : []))
    const settled = await sending.sendAll(ready, works => inTurn(works, concurrency))
    let next = 0
    return made.map((each, n) => {
      const outcome = each.status === 'rejected' ? each : (settled[next++] as (typeof settled)[number])
      const { to } = recipients[n] as BulkRecipient<Variables>
      return outcome.status === 'fulfilled' ? { to, email: outcome.value } : { to, error: outcome.reason }
    })
  }

  return {
    send: (email, options = {}) => tracked(sendOne(sendable(email, options))),
    sendTemplate: (template, variables, envelope, options = {}) =>
      tracked(sendOne(templated(template, variables, envelope, options))),
    sendMany: (template, recipients, options = {}) =>
      tracked(
        (async () => {
          const results: BulkResult[] = []
          for (let at = 0; at < recipients.length; at += BATCH)
            results.push(...(await sendBatch(template, recipients.slice(at, at + BATCH), options)))
          return results
        })(),
      ),
    async preview(template, variables = template.sample) {
      if (variables === undefined)
        throw new EmailError(`${template.name} has no sample to preview`, { code: 'EMAIL_INVALID', notDone: true })
      return renderTemplate(template, variables)
    },
    work: (options = {}) => assertLog('Scheduled email').start(options),
    failover: providers.failover,
    async close() {
      await scheduled?.close()
      await Promise.allSettled(underWay)
      providers.failover.close()
      await Promise.all(providers.guarded.map(({ port }) => port.close()))
    },
  }
}
