import {
  AllProvidersFailedError,
  createFailover,
  createPolicyRegistry,
  type Failover,
  type FailoverReport,
  isNotCalled,
  type Policy,
  type Provider,
} from '../resilience/index.ts'
import type { Channel, ChannelKind } from './channel.ts'
import { NotificationError } from './errors.ts'

/** For one call of a provider without a policy of its own (ms). */
const TIMEOUT = 30_000

/** A provider with what guards it. The policy should not retry: repetitions are made by the notification, which knows whether one may be sent twice. */
export interface GuardedChannel {
  channel: Channel
  policy: Policy
}

/** The channels of one process: several providers of one kind are tried in their order. */
export class ChannelSet {
  readonly #byKind = new Map<ChannelKind, { failover: Failover<Channel>; providers: readonly Provider<Channel>[] }>()
  readonly #policies = createPolicyRegistry()

  constructor(channels: readonly (Channel | GuardedChannel)[]) {
    const guarded = channels.map(each => ('channel' in each ? each : { channel: each, policy: this.#policyOf(each) }))
    for (const [kind, members = []] of Map.groupBy(guarded, ({ channel }) => channel.kind)) {
      const providers = members.map(({ channel, policy }) => ({ name: channel.provider, port: channel, policy }))
      const failover = createFailover({ name: kind, providers, isProvidersFault, hadNoEffect: isNotDone })
      this.#byKind.set(kind, { failover, providers })
    }
  }

  get kinds(): ReadonlySet<ChannelKind> {
    return new Set(this.#byKind.keys())
  }

  /** The channel of this kind, with the provider's name one of them; undefined where there is none any more. */
  find(kind: ChannelKind, provider?: string): Channel | undefined {
    const providers = this.#byKind.get(kind)?.providers
    return providers?.find(({ name }) => provider === undefined || name === provider)?.port
  }

  /** With the first provider that takes it, or `only` that one. */
  async run<T>(
    kind: ChannelKind,
    call: (channel: Channel, context: { signal: AbortSignal }) => Promise<T>,
    { signal, only }: { signal: AbortSignal; only?: string | undefined },
  ): Promise<T> {
    const open = this.#byKind.get(kind)
    if (!open)
      throw new NotificationError(`This process has no channel ${kind}`, {
        code: 'NOTIFICATION_REFUSED',
        notDone: true,
      })
    const one = open.providers.find(({ name }) => name === only)
    return one
      ? one.policy.execute(context => call(one.port, context), { signal })
      : open.failover.run(call, { signal })
  }

  reports(): FailoverReport[] {
    return [...this.#byKind.values()].map(({ failover }) => failover.report())
  }

  async close(): Promise<void> {
    for (const { failover, providers } of this.#byKind.values()) {
      failover.close()
      for (const { port } of providers) await port.close?.()
    }
    this.#policies.close()
  }

  #policyOf({ kind, provider }: Channel): Policy {
    const name = `${kind} by ${provider}`
    this.#policies.declare({ name, timeoutMs: TIMEOUT })
    return this.#policies.get(name)
  }
}

/** Whether what failed has certainly not been sent. */
export function isNotDone(error: unknown): boolean {
  return (
    isNotCalled(error) ||
    error instanceof AllProvidersFailedError ||
    (error instanceof NotificationError && error.notDone)
  )
}

/** Another provider has credentials of its own, and may be up. */
const isProvidersFault = (error: unknown) =>
  !(error instanceof NotificationError) || error.retryable || error.code === 'NOTIFICATION_UNAUTHORIZED'

/** As the provider asks for; of several the one that comes first. */
export function retryAfterOf(error: unknown): number | undefined {
  const errors = error instanceof AllProvidersFailedError ? error.failures.map(failure => failure.error) : [error]
  const asked = errors.flatMap(each => (each as { retryAfterMs?: number } | undefined)?.retryAfterMs ?? [])
  return asked.length > 0 ? Math.min(...asked) : undefined
}
