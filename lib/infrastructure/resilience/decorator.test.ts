import { transformSync } from '@swc/core'
import { describe, expect, test } from 'vitest'
import { type Breaker, BreakerOpenError, createBreakerRegistry, WithCircuitBreaker } from './index.ts'

const OPTIONS = { name: 'tax', policy: { kind: 'consecutive', failures: 2 }, halfOpenAfterMs: 60_000 } as const

interface Taxes {
  of(amount: number): Promise<number>
}
/** Written with `@`, which neither Node nor vitest understands yet: compiled here, as a user's build does. */
function compiled<T>(classBody: string, scope: Record<string, unknown>): new (...args: unknown[]) => T {
  const { code } = transformSync(`class Compiled { ${classBody} }`, {
    isModule: false,
    jsc: {
      parser: { syntax: 'ecmascript', decorators: true },
      transform: { decoratorVersion: '2022-03' },
      target: 'es2022',
    },
  })
  return new Function(...Object.keys(scope), `${code}\nreturn Compiled`)(...Object.values(scope))
}

describe('@WithCircuitBreaker', () => {
  test('runs the method behind the breaker of the registry, with its instance and arguments', async () => {
    const registry = createBreakerRegistry()
    const Taxes = compiled<Taxes>(
      `#rate
       constructor(rate) { this.#rate = rate }
       @WithCircuitBreaker(registry, OPTIONS)
       async of(amount) {
         if (amount < 0) throw new Error('no such amount')
         return amount * this.#rate
       }`,
      { WithCircuitBreaker, registry, OPTIONS },
    )
    expect(registry.get('tax')?.state).toBe('closed')
    const [low, high] = [new Taxes(1), new Taxes(2)]
    expect(await low.of(3)).toBe(3)
    expect(await high.of(3)).toBe(6)
    await expect(low.of(-1)).rejects.toThrow('no such amount')
    await expect(high.of(-1)).rejects.toThrow('no such amount')
    await expect(low.of(3)).rejects.toBeInstanceOf(BreakerOpenError)
    expect(registry.get('tax')?.report().totals).toMatchObject({ successes: 2, failures: 2, rejected: 1 })
  })

  test('takes a breaker, and one that each instance chooses', async () => {
    const registry = createBreakerRegistry()
    const shared = registry.create(OPTIONS)
    const Rates = compiled<{ breaker: Breaker; all(): Promise<string>; own(): Promise<string> }>(
      `constructor(breaker) { this.breaker = breaker }
       @WithCircuitBreaker(shared) async all() { return 'all' }
       @WithCircuitBreaker(self => self.breaker) async own() { return 'own' }`,
      { WithCircuitBreaker, shared },
    )
    const [no, se] = ['no', 'se'].map(name => new Rates(registry.create({ ...OPTIONS, name })))
    no?.breaker.force({ id: '1', state: 'open', reason: 'r', by: 'ada' })
    await expect(no?.own()).rejects.toBeInstanceOf(BreakerOpenError)
    expect(await se?.own()).toBe('own')
    expect(await no?.all()).toBe('all')
    expect(shared.report().totals.successes).toBe(1)
  })

  test('rejects, as every failure does, when no breaker can be chosen; its types are those of the method', async () => {
    class Lost {
      async call(times: number): Promise<string> {
        return `${times}`
      }
    }
    const decorate = WithCircuitBreaker((_self: Lost): Breaker => {
      throw new Error('which one?')
    })
    const context = { kind: 'method', name: 'call', static: false, private: false } as ClassMethodDecoratorContext<
      Lost,
      Lost['call']
    >
    const call: (this: Lost, times: number) => Promise<string> = decorate(Lost.prototype.call, context)
    await expect(call.call(new Lost(), 1)).rejects.toThrow('which one?')
  })
})
