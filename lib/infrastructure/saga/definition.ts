import { type SagaDefinition, SagaError, type StepOptions } from './port.ts'

/** A saga being described: each step knows the results of those before it. */
export interface SagaBuilder<Input, Results> extends SagaDefinition<Input> {
  step<Name extends string, Result>(
    name: Name extends keyof Results ? never : Name,
    options: StepOptions<Input, Results, Result>,
  ): SagaBuilder<Input, Results & Record<Name, Awaited<Result>>>
}

/** Begins a saga without steps. Throws SagaError for a name that is none, here or in `step`. */
export function saga<Input>(
  name: string,
  options: Pick<SagaDefinition<Input>, 'onFailure'> = {},
): SagaBuilder<Input, Record<never, never>> {
  checkName('a saga', name)
  return withSteps<Input, Record<never, never>>({ name, ...options, steps: [] })
}

function withSteps<Input, Results>(definition: SagaDefinition<Input>): SagaBuilder<Input, Results> {
  return {
    ...definition,
    step<Name extends string, Result>(
      name: Name extends keyof Results ? never : Name,
      options: StepOptions<Input, Results, Result>,
    ) {
      const { steps } = definition
      checkName('a step', name)
      if (steps.some(step => step.name === name))
        throw new SagaError(`${definition.name} has two steps ${name}`, { code: 'SAGA_OPTIONS' })
      for (const [which, { attempts = 1, initialDelayMs = 0, maxDelayMs = 0 } = {}] of [
        ['retry', options.retry],
        ['compensationRetry', options.compensationRetry],
      ] as const)
        if (!(Number.isInteger(attempts) && attempts >= 1 && initialDelayMs >= 0 && maxDelayMs >= 0))
          throw new SagaError(`${which} of ${name}: attempts is 1 or more, and no wait is negative`, {
            code: 'SAGA_OPTIONS',
          })
      return withSteps<Input, Results & Record<Name, Awaited<Result>>>({
        ...definition,
        steps: [...steps, { name, ...options }],
      })
    },
  }
}

function checkName(of: string, name: string): void {
  if (!/^[\w.-]{1,100}$/.test(name))
    throw new SagaError(`${JSON.stringify(name)} is no name of ${of}: 1 to 100 letters, digits, ".", "_" and "-"`, {
      code: 'SAGA_OPTIONS',
    })
}
