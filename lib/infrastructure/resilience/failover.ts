import { type Clock, systemClock } from '../../core/clock.ts'
import { InfrastructureError, messageOf } from '../../core/errors.ts'
import { Hold, type HoldOptions } from './hold.ts'
import type { Policy } from './policy.ts'
import type { CallContext } from './port.ts'
import { isNotCalled } from './refusals.ts'

/** One of the providers behind a port, with the policy (a breaker of its own) that its calls run under. */
export interface Provider<Port> {
  /** Unique in its set: `sendgrid`. */
  name: string
  port: Port
  policy: Policy
}

export interface FailoverOptions<Port> {
  /** What the providers stand for: `email`. */
  name: string
  /** In the order in which they are tried. At least one. */
  providers: readonly Provider<Port>[]
  /**
   * Whether a failure is the provider's, so that another one may succeed; a message that is refused as malformed would be refused by all.
   * By default that of an InfrastructureError with `retryable`.
   */
  isProvidersFault?: (error: unknown) => boolean
  /**
   * Whether a failed call has certainly had no effect, so that it may be made elsewhere without an idempotency key. Calls that
   * were refused here (an open breaker, a full bulkhead) always have; by default nothing else has, except what could not connect.
   */
  hadNoEffect?: (error: unknown) => boolean
  clock?: Clock
}

export interface FailoverCall {
  signal?: AbortSignal
  /** The same for every provider. With it, a call whose outcome is not known is made elsewhere too: the caller answers for the key being honoured there. */
  idempotencyKey?: string
}

export interface ProviderReport {
  name: string
  /** State of its breaker; absent without one. */
  breaker?: 'closed' | 'open' | 'half-open'
  calls: number
  failures: number
  lastFailure?: { at: number; message: string }
}

/** The report of one set of providers in one process. Times are ms since the epoch. */
export interface FailoverReport {
  name: string
  /** In their order. */
  providers: ProviderReport[]
  /** The provider that served last, since when, and why it is not the first; absent before the first call. */
  inUse?: { provider: string; since: number; why?: string }
  forced?: { provider: string; id: string; reason: string; by: string; since: number; until?: number }
  /** Calls that another provider than the first tried has served, and those that were not made elsewhere because they may have had their effect. */
  failedOver: number
  heldBack: number
}

export interface FailoverChange {
  name: string
  at: number
  from?: string
  to: string
  cause: 'first' | 'failed-over' | 'came-back' | 'forced' | 'released' | 'expired'
  message?: string
}

/** All providers have failed, or the one that an operator has chosen. `cause` is the last failure, `failures` has each. */
export class AllProvidersFailedError extends InfrastructureError {
  override readonly code = 'ALL_PROVIDERS_FAILED'
  readonly failures: readonly { provider: string; error: unknown }[]
  constructor(name: string, failures: readonly { provider: string; error: unknown }[]) {
    const said = failures.map(({ provider, error }) => `${provider}: ${messageOf(error)}`).join('; ')
    super(`No provider of ${name} took the call (${said})`, { retryable: true, cause: failures.at(-1)?.error })
    this.failures = failures
  }
}

export interface Failover<Port> {
  readonly name: string
  /**
   * Makes a call with the first provider that takes it. Goes on to the next only when the failure is the provider's and the call is known to have had no
   * effect, or carries an idempotency key. Rejects with the provider's own error where it does not go on, with AllProvidersFailedError
   * where there is none left. A provider whose breaker has closed again is used again on its own.
   */
  run<T>(
    call: (port: Port, context: { signal: AbortSignal; provider: string; idempotencyKey?: string }) => Promise<T>,
    options?: FailoverCall,
  ): Promise<T>
  /** Uses this provider and no other until released or expired. Throws RangeError for one that is not in the set. */
  force(options: HoldOptions & { provider: string }): void
  release(id?: string): boolean
  report(): FailoverReport
  /** Grows whenever the report changes. */
  readonly revision: number
  onChange(listener: (change: FailoverChange) => void): () => void
  close(): void
}

export function createFailover<Port>({
  name,
  providers,
  isProvidersFault = isRetryable,
  hadNoEffect = couldNotConnect,
  clock = systemClock,
}: FailoverOptions<Port>): Failover<Port> {
  if (providers.length === 0) throw new RangeError(`${name} needs at least one provider`)
  const figures = new Map(providers.map(provider => [provider.name, { calls: 0, failures: 0 } as Figures]))
  if (figures.size < providers.length) throw new RangeError(`${name} has two providers of one name`)
  const listeners = new Set<(change: FailoverChange) => void>()
  const hold = new Hold<{ provider: string }>(clock, () => letGo('expired'))
  let inUse: FailoverReport['inUse']
  let failedOver = 0
  let heldBack = 0
  let revision = 0

  function tell(change: Omit<FailoverChange, 'name' | 'at'>): void {
    for (const listener of listeners) {
      try {
        listener({ name, at: clock.now(), ...change })
      } catch (error) {
        // An error of a listener must not make a call that was served look like a failed one.
        process.emitWarning(error instanceof Error ? error : String(error), 'FailoverListenerWarning')
      }
    }
  }
  function letGo(cause: 'released' | 'expired'): void {
    const from = hold.current?.provider
    hold.end()
    revision++
    tell({ ...(from === undefined ? {} : { from }), to: (providers[0] as Provider<Port>).name, cause })
  }
  function served(provider: string, failures: readonly { provider: string; error: unknown }[]): void {
    if (failures.length > 0) failedOver++
    if (inUse?.provider === provider) return
    const from = inUse?.provider
    const passedOver = failures.map(failure => `${failure.provider}: ${messageOf(failure.error)}`).join('; ')
    const forced = hold.current
    const why = forced ? `forced by ${forced.by}: ${forced.reason}` : passedOver
    inUse = { provider, since: clock.now(), ...(why ? { why } : {}) }
    if (forced) return
    const cause = passedOver ? 'failed-over' : from === undefined ? 'first' : 'came-back'
    tell({
      ...(from === undefined ? {} : { from }),
      to: provider,
      cause,
      ...(passedOver ? { message: passedOver } : {}),
    })
  }

  return {
    name,
    async run(call, { signal, idempotencyKey } = {}) {
      hold.check()
      const only = hold.current?.provider
      const failures: { provider: string; error: unknown }[] = []
      for (const provider of providers) {
        if (only !== undefined && provider.name !== only) continue
        const figure = figures.get(provider.name) as Figures
        // Attempts whose outcome is not known: the policy may retry, and a timeout leaves its call behind.
        let unknown = 0
        const attempt = async (context: CallContext) => {
          unknown++
          try {
            return await call(provider.port, {
              signal: context.signal,
              provider: provider.name,
              ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
            })
          } catch (error) {
            if (hadNoEffect(error)) unknown--
            throw error
          }
        }
        try {
          const value = await provider.policy.execute(attempt, signal ? { signal } : {})
          figure.calls++
          served(provider.name, failures)
          return value
        } catch (error) {
          signal?.throwIfAborted()
          const refusedHere = isNotCalled(error)
          if (!refusedHere) {
            figure.calls++
            figure.failures++
            figure.lastFailure = { at: clock.now(), message: messageOf(error) }
            if (!isProvidersFault(error)) throw error
          }
          if (unknown > 0 && idempotencyKey === undefined) {
            heldBack++
            throw error
          }
          failures.push({ provider: provider.name, error })
        } finally {
          revision++
        }
      }
      throw new AllProvidersFailedError(name, failures)
    },
    force({ provider, ...held }) {
      if (!figures.has(provider))
        throw new RangeError(`${name} has no provider ${provider}; it has ${[...figures.keys()].join(', ')}`)
      hold.check()
      const from = inUse?.provider
      hold.begin({ provider }, held)
      revision++
      tell({ ...(from === undefined ? {} : { from }), to: provider, cause: 'forced', message: held.reason })
    },
    release(id) {
      hold.check()
      if (!hold.isHeldBy(id)) return false
      letGo('released')
      return true
    },
    report() {
      hold.check()
      return {
        name,
        providers: providers.map(({ name: provider, policy }) => ({
          name: provider,
          ...(policy.breaker ? { breaker: policy.breaker.state } : {}),
          ...(figures.get(provider) as Figures),
        })),
        ...(inUse ? { inUse } : {}),
        ...(hold.current ? { forced: hold.current } : {}),
        failedOver,
        heldBack,
      }
    },
    get revision() {
      return revision
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => hold.end(),
  }
}

type Figures = Omit<ProviderReport, 'name' | 'breaker'>

const isRetryable = (error: unknown) => error instanceof InfrastructureError && error.retryable

/** Codes of Node for a connection that was never made: nothing was sent. */
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])

function couldNotConnect(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++)
    if (NEVER_CONNECTED.has(String((at as { code?: unknown }).code))) return true
  return false
}
