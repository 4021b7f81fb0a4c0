import { z } from 'zod'
import { outcomeFromAnswers } from '../../../fleet/collect-answers.ts'
import { affectedBy, dependentsOf, idsOf, namesOf, warnUnable } from '../../../fleet/holders.ts'
import { ledgerOf, outcomeOf } from '../../../fleet/process-answers.ts'
import { Commands } from '../../../fleet/resources.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Name, Reason } from '../../../platform/operation/input.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { cacheHolders } from '../acts/cache-holders.ts'

const Input = z.strictObject({
  cache: Name,
  warmer: Name.optional().describe('left out: all warmers of the cache'),
  reason: Reason.optional(),
})

const said = (warmer: string | undefined) => (warmer === undefined ? 'every warmer' : `the warmer ${warmer}`)

/** One process that has the warmer: where the cache is shared, what it stores is there for all; else each must warm its own memory. */
async function warmersOf(environment: ConsoleEnvironment, { cache, warmer }: z.infer<typeof Input>) {
  const holders = await cacheHolders(environment, cache, { kind: 'fleet' })
  const able = holders.filter(({ item }) => item.warmers?.some(({ name }) => warmer === undefined || name === warmer))
  if (able.length === 0)
    throw new RefusalError({
      code: 'invalid',
      message: warmer === undefined ? `${cache} has no warmer.` : `${cache} has no warmer ${warmer}.`,
      fields: { [warmer === undefined ? 'cache' : 'warmer']: 'no living process declares it' },
      nextStep: 'Declare one in code: cache.warmer({ name, run }).',
    })
  const shared = able.some(({ item }) => item.layers.includes('l2'))
  return { meant: shared ? able.slice(0, 1) : able, shared }
}

export const warmCache = defineOperation({
  id: 'cache.warm',
  title: 'Warm a cache',
  description: 'Runs a warmer that is declared in code: it loads from the origin what will be asked for.',
  permission: 'cache:warm',
  targetKind: 'cache',
  input: Input,
  risk: 'one',
  reason: 'optional',
  lines: ['process', 'processes'],
  target: ({ cache }) => ({ kind: 'cache', name: cache }),

  async preview({ environment }, input) {
    const { meant, shared } = await warmersOf(environment, input)
    const running = meant.filter(({ item }) => item.warmers?.some(({ state }) => state === 'running'))
    return {
      summary: shared
        ? `${meant[0]?.process.instance} will run ${said(input.warmer)} of ${input.cache}; what it stores in Redis is there for all.`
        : `Each of ${meant.length} processes will run ${said(input.warmer)} of ${input.cache}, since its memory is its own.`,
      action: 'Warm the cache',
      affected: affectedBy(meant),
      warnings: [
        ...warnUnable(meant, 'cache.warm'),
        ...(running.length > 0 ? ['One runs already; it goes on and is not begun again.'] : []),
      ],
      dependents: dependentsOf(meant),
    }
  },

  async run({ environment }, input, control) {
    const { meant } = await warmersOf(environment, input)
    const names = namesOf(meant)
    const answers = await environment.of(Commands).issue({
      id: control.runId,
      verb: 'cache.warm',
      scope: { processes: idsOf(meant) },
      args: { cache: input.cache, warmer: input.warmer },
      issuedBy: control.actor.name,
      expected: idsOf(meant),
      signal: control.signal,
      onAnswer: ledgerOf(names, control),
    })
    return outcomeOf(`Began to warm ${input.cache}`, answers, names)
  },

  recover: (context, { cache }, control) => outcomeFromAnswers(context, control, `Began to warm ${cache}`),
})
