import { createMessages, type Messages } from '../messages/index.ts'
import type { PolicyRegistry } from '../resilience/index.ts'
import { emailsOver } from './emails.ts'
import type { Emails } from './emails-port.ts'
import { noteWriter } from './note-writer.ts'
import { openProvider, type ProviderChoice } from './open-provider.ts'
import type { AddressLike } from './port.ts'
import { guardedProviders, type ProviderPolicy, type WhenUnknown } from './providers.ts'
import { scheduledEmails } from './scheduled.ts'
import { sendingOver } from './sending.ts'

export interface EmailOptions {
  /** The sender of emails that name none. */
  from?: AddressLike
  /** In the order in which they are tried, each under a policy of its own. When absent, emails are kept in the log and sent to nobody. */
  providers?: readonly (ProviderChoice & { policy?: ProviderPolicy })[]
  /** What happens when nobody knows whether a provider has sent an email; `stop` when absent. */
  whenUnknown?: WhenUnknown
  /** Errors that no one waits for: a scheduled email failed, or the log could not be written after an email was sent. */
  onError?(error: unknown): void
}

export interface EmailDependencies {
  /** The log of messages: what was sent, what is scheduled, who gets nothing more. */
  messages?: Messages
  /** Where the policies of the providers are declared, as `email:NAME`. */
  policies?: PolicyRegistry
}

/** Email through one provider or several. Rejects where the package of one is missing. */
export async function createEmail(
  { from, providers: choices = [{ adapter: 'outbox' }], whenUnknown = 'stop', onError = () => undefined }: EmailOptions,
  { messages, policies }: EmailDependencies = {},
): Promise<Emails> {
  // An outbox without a log would keep nothing.
  const log = messages ?? (choices.some(({ adapter }) => adapter === 'outbox') ? await createMessages() : undefined)
  const opened = await Promise.all(
    choices.map(async ({ policy, ...choice }) => ({
      port: await openProvider(choice as ProviderChoice, log),
      policy,
    })),
  )
  const providers = guardedProviders(opened, { policies, from })
  const note = log ? noteWriter(log, onError) : async () => undefined
  const sending = sendingOver({ providers, messages: log, note, whenUnknown })
  const scheduled = log ? scheduledEmails({ messages: log, sending, note, onError }) : undefined
  return emailsOver({ from, sending, providers, scheduled })
}
