import { systemClock } from '../../core/clock.ts'
import { couldNotConnect } from '../../core/could-not-connect.ts'
import { InfrastructureError, messageOf } from '../../core/errors.ts'
import {
  AllProvidersFailedError,
  type Failover,
  type FailoverChange,
  type FailoverOptions,
  type FailoverReport,
  type Provider,
  type ProviderReport,
} from './failover-port.ts'
import { Hold } from './hold.ts'
import type { CallContext } from './port.ts'
import { isNotCalled } from './refusals.ts'

export function createFailover<Port>({
  name,
  providers,
  isProvidersFault = isRetryable,
  hadNoEffect = couldNotConnect,
  sendTest,
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
  const statesNow = () => providers.map(({ policy }) => policy.breaker?.state).join()
  let states = statesNow()

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

  function providerOf(wanted: string): Provider<Port> {
    const found = providers.find(provider => provider.name === wanted)
    if (!found) throw new RangeError(`${name} has no provider ${wanted}; it has ${[...figures.keys()].join(', ')}`)
    return found
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
      providerOf(provider)
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
    async sendTest({ provider, to, signal, idempotencyKey }) {
      const { port, policy } = providerOf(provider)
      if (!sendTest) throw new RangeError(`${name} says no way to send a test`)
      const send = (context: CallContext) =>
        sendTest(port, to, {
          signal: context.signal,
          provider,
          ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
        })
      try {
        return await policy.execute(send, signal ? { signal } : {})
      } finally {
        revision++
      }
    },
    report() {
      hold.check()
      return {
        name,
        providers: providers.map(({ name: provider, policy: { breaker }, quota: quotaOf }) => {
          const lastMinute = breaker?.report().stats
          const quota = quotaOf?.()
          return {
            name: provider,
            ...(breaker ? { breaker: breaker.state } : {}),
            ...(figures.get(provider) as Figures),
            ...(lastMinute ? { lastMinute } : {}),
            ...(quota ? { quota } : {}),
          }
        }),
        ...(inUse ? { inUse } : {}),
        ...(hold.current ? { forced: hold.current } : {}),
        failedOver,
        heldBack,
        ...(sendTest ? { testable: true as const } : {}),
      }
    },
    get revision() {
      hold.check()
      // A breaker also changes without a call of the set: by an operator, with time, by other calls. So states are compared at each reading.
      const now = statesNow()
      if (now !== states) revision++
      states = now
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
