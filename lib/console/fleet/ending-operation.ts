import type { z } from 'zod'
import type { LastingVerb } from '../../infrastructure/fleet/index.ts'
import type { ConsoleEnvironment } from '../platform/environment/port.ts'
import { defineOperation, type Operation } from '../platform/operation/define.ts'
import { Reason } from '../platform/operation/input.ts'
import { ActScope, riskOfScope } from './act-scope.ts'
import { outcomeFromAnswers } from './collect-answers.ts'
import { endOverride, overridesOn, underOverride } from './hold.ts'
import { affectedBy, dependentsOf, inProcesses } from './holders.ts'
import type { FleetProcess } from './port.ts'

/** The fields of every input beside the name of what is held. */
export const endingFields = { scope: ActScope, reason: Reason.optional() }

interface EndingWords {
  /** The button, without its number: `Release`. */
  action: string
  /** What is so again, without where: `payments returns to its computed state`. */
  again: string
  /** Added after where: `: it opens after 5 failures`. */
  detail?: string
  warnings?: string[]
  /** What was done: `Released payments`. */
  did: string
  /** When nothing is in force: what is so, what holds for processes that start later, and why there is nothing to do. */
  nothing: { now: string; later: string; toDo: string }
}

interface Ending<Input extends z.ZodType<{ scope: ActScope }>, Held extends { process: FleetProcess }>
  extends Pick<
    Operation<Input>,
    'id' | 'title' | 'description' | 'permission' | 'place' | 'targetKind' | 'input' | 'affects'
  > {
  /** The verb of the overrides that it ends. */
  ends: LastingVerb
  nameOf(input: z.output<Input>): string
  /** The living processes in scope that have it; refuses when there are none. */
  holders(environment: ConsoleEnvironment, name: string, scope: ActScope): Promise<Held[]>
  /** Whether a process reports that it is under an override. */
  isHeld(holder: Held): boolean
  words(name: string, under: readonly Held[], holders: readonly Held[]): EndingWords
}

/** The verb that ends what another one holds in force, in a scope. */
export function endingOperation<Input extends z.ZodType<{ scope: ActScope }>, Held extends { process: FleetProcess }>({
  ends,
  nameOf,
  holders: findHolders,
  isHeld,
  words,
  ...declared
}: Ending<Input, Held>): Operation<Input> {
  async function find(environment: ConsoleEnvironment, input: z.output<Input>) {
    const name = nameOf(input)
    const [holders, overrides] = await Promise.all([
      findHolders(environment, name, input.scope),
      overridesOn(environment, [ends], name),
    ])
    const under = underOverride(holders, overrides, isHeld)
    return { name, holders, under, words: words(name, under, holders) }
  }
  return defineOperation({
    ...declared,
    risk: riskOfScope,
    reason: 'optional',
    lines: ['process', 'processes'],
    target: input => ({ kind: declared.targetKind, name: nameOf(input) }),

    async preview({ environment }, input) {
      const { holders, under, words } = await find(environment, input)
      const { again, detail = '', action, warnings = [], nothing } = words
      return {
        summary:
          under.length === 0 ? `${nothing.now}; ${nothing.later}.` : `${again} ${inProcesses(under.length)}${detail}.`,
        action: `${action} ${inProcesses(under.length)}`,
        affected: affectedBy(under),
        warnings,
        dependents: dependentsOf(holders),
      }
    },

    async run({ environment }, input, control) {
      const { name, holders, under, words } = await find(environment, input)
      const { did, nothing } = words
      return endOverride(
        environment,
        { verb: ends, scope: input.scope, name, under, holders, did, nothing: `${nothing.now}; ${nothing.toDo}.` },
        control,
      )
    },

    recover: (context, input, control) => {
      const name = nameOf(input)
      return outcomeFromAnswers(context, control, words(name, [], []).did)
    },
  })
}
