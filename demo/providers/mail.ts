import type { BreakerRegistry } from 'substation/resilience'
import { callJson, ProviderError } from './http-call.ts'

export interface Mail {
  /** Hands a message over. Rejects with ProviderError 550 for a mailbox that is no more. */
  send(message: { to: string; subject: string }): Promise<void>
}

/** The mail provider, behind the breaker `mail-provider`. */
export function mail(breakers: BreakerRegistry, upstream: string): Mail {
  const breaker = breakers.create({
    name: 'mail-provider',
    policy: { kind: 'consecutive', failures: 5 },
    halfOpenAfterMs: 5_000,
    timeoutMs: 1_000,
    // A mailbox that is refused says nothing about the provider: the job fails, the breaker stays closed.
    isExpected: error => error instanceof ProviderError && error.status === 550,
    owner: 'messaging team',
    runbook: 'demo/runbooks/mail-provider.md',
  })
  return {
    send: message => breaker.execute<void>(({ signal }) => callJson(`${upstream}/mail`, { signal, send: message })),
  }
}
