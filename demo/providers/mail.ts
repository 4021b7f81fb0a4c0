import { messageOf } from 'substation/core'
import type { Messages } from 'substation/messages'
import { createFailover, type Failover, type PolicyRegistry } from 'substation/resilience'
import { callJson, ProviderError } from './http-call.ts'

export interface Mail {
  /** Hands a message over; `id` lets a provider send it once however often it is handed over. Rejects with ProviderError 550 for a mailbox that is no more. */
  send(message: { to: string; subject: string; template?: string; id?: string }): Promise<void>
}

/** Two mail providers: the second takes over where the first is down and the message has not gone out, or has an id by which it goes out once. */
export function mail(
  policies: PolicyRegistry,
  upstream: string,
  log: Messages,
): Mail & { providers: Failover<string> } {
  const provider = (name: string, path: string) => {
    policies.declare({
      name,
      timeoutMs: 1_000,
      breaker: {
        policy: { kind: 'consecutive', failures: 5 },
        halfOpenAfterMs: 5_000,
        isExpected: isRefusedMailbox,
      },
      owner: 'messaging team',
      runbook: 'demo/runbooks/mail-provider.md',
    })
    return { name, port: `${upstream}${path}`, policy: policies.get(name) }
  }
  const providers = createFailover<string>({
    name: 'mail',
    providers: [provider('mail-provider', '/mail'), provider('mail-backup', '/mail-backup')],
    isProvidersFault: error => !isRefusedMailbox(error),
    async sendTest(url, to, { signal, idempotencyKey }) {
      const { id } = await callJson<{ id: string }>(url, {
        signal,
        send: { to, subject: 'A test', id: idempotencyKey },
      })
      return id
    },
  })
  return {
    providers,
    async send({ id, template, ...mail }) {
      const { message } = await log.record({
        channel: 'email',
        recipients: [mail.to],
        title: mail.subject,
        content: mail,
        ...(template === undefined ? {} : { template }),
        ...(id === undefined ? {} : { idempotencyKey: id }),
      })
      let provider: string | undefined
      try {
        const taken = await providers.run<{ id: string }>(
          (url, call) => {
            provider = call.provider
            return callJson(url, { signal: call.signal, send: { ...mail, id } })
          },
          id === undefined ? {} : { idempotencyKey: id },
        )
        await log.note([{ message, kind: 'accepted', provider, providerMessageId: taken.id }])
      } catch (error) {
        const kind = isRefusedMailbox(error) ? 'failed' : 'attempt'
        await log.note([{ message, kind, provider, error: messageOf(error) }])
        throw error
      }
    },
  }
}

/** A mailbox that is refused says nothing about the provider: the job fails, the breaker stays closed, and no other provider is asked. */
function isRefusedMailbox(error: unknown): boolean {
  return error instanceof ProviderError && error.status === 550
}
