import { InfrastructureError } from '../../core/errors.ts'
import {
  createFailover,
  createPolicyRegistry,
  isNotCalled,
  type PolicyOptions,
  type PolicyRegistry,
} from '../resilience/index.ts'
import { composeEmail } from './compose.ts'
import { type AddressLike, EmailError, type EmailProvider } from './port.ts'

/** `stop`: an email that may have been sent is sent nowhere else. `next`: rather twice than not at all. */
export type WhenUnknown = 'stop' | 'next'

export type ProviderPolicy = Omit<PolicyOptions, 'name'>

const DEFAULTS = {
  timeoutMs: 30_000,
  breaker: { policy: { kind: 'consecutive', failures: 5 }, halfOpenAfterMs: 30_000 },
} satisfies ProviderPolicy

/** Each provider under a policy of its own, and the failover over them. */
export function guardedProviders(
  providers: readonly { port: EmailProvider; policy?: ProviderPolicy | undefined }[],
  {
    policies = createPolicyRegistry(),
    from,
  }: { policies?: PolicyRegistry | undefined; from?: AddressLike | undefined } = {},
) {
  const guarded = providers.map(({ port, policy = {} }) => {
    const name = `email:${port.name}`
    const { retry, breaker, ...rest } = { ...DEFAULTS, ...policy }
    policies.declare({
      ...rest,
      name,
      breaker: { isExpected: error => error instanceof EmailError && !error.isProviders, ...breaker },
      retry: { isRetryable: error => mayRepeat(error, port), ...retry },
    })
    return { name: port.name, port, policy: policies.get(name), quota: () => port.quota?.() }
  })
  const failover = createFailover<EmailProvider>({
    name: 'email',
    providers: guarded,
    isProvidersFault: error => (error instanceof EmailError ? error.isProviders : isRetryable(error)),
    hadNoEffect: error => error instanceof EmailError && error.notDone,
    async sendTest(port, to, { signal, idempotencyKey }) {
      const email = composeEmail({
        from: from ?? to,
        to,
        subject: `Test of ${port.name}`,
        text: `This test shows that ${port.name} delivers email.`,
      })
      return (await port.send(email, { signal, idempotencyKey })).id
    },
  })
  return { guarded, failover }
}

/** At the same provider: what was not sent, or what it would send only once. */
function mayRepeat(error: unknown, { takesIdempotencyKeys }: EmailProvider): boolean {
  if (isNotCalled(error) || !isRetryable(error)) return false
  return takesIdempotencyKeys || (error instanceof EmailError && error.notDone)
}

const isRetryable = (error: unknown) => error instanceof InfrastructureError && error.retryable
