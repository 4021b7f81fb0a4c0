import { z } from 'zod'
import { outcomeFromAnswers } from '../../../fleet/collect-answers.ts'
import { affectedBy, holdersOf, warnUnable } from '../../../fleet/holders.ts'
import { sendTo } from '../../../fleet/send-command.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Name } from '../../../platform/operation/input.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { PROVIDERS } from '../provider-item.ts'

const Input = z.strictObject({
  set: Name,
  provider: Name,
  to: z.string().trim().min(1).max(320),
})
type Input = z.output<typeof Input>

/** One process is enough: it has the provider's access, and the provider is the same for all. */
async function tester(environment: ConsoleEnvironment, { set, provider }: Input) {
  const holders = await holdersOf(environment, PROVIDERS, set, { kind: 'fleet' })
  const having = holders.filter(({ item }) => item.providers.some(({ name }) => name === provider))
  if (having.length === 0)
    throw new RefusalError({
      code: 'invalid',
      message: `${set} has no provider ${provider}.`,
      fields: { provider: 'not one of the set' },
    })
  const [able] = having.filter(({ item }) => item.testable)
  if (!able)
    throw new RefusalError({
      code: 'conflict',
      message: `${set} says no way to send a test.`,
      nextStep: 'Give its createFailover a sendTest.',
    })
  return able
}

const did = ({ provider, to }: Input) => `Sent a test with ${provider} to ${to}`

export const testProvider = defineOperation({
  id: 'provider.test',
  title: 'Send a test',
  description: 'Has one process send a test with one provider, whichever is in use, to an address of yours.',
  permission: 'provider:test',
  targetKind: 'provider set',
  input: Input,
  risk: 'one',
  reason: 'optional',
  lines: ['process', 'processes'],
  target: ({ set }) => ({ kind: 'provider set', name: set }),
  about: ({ provider }) => provider,

  async preview({ environment }, input) {
    const { set, provider, to } = input
    const able = await tester(environment, input)
    const { breaker } = able.item.providers.find(({ name }) => name === provider) ?? {}
    return {
      summary: `${able.process.instance} will send a test with ${provider} to ${to}.`,
      action: `Send a test with ${provider}`,
      affected: affectedBy([able]),
      warnings: [
        ...warnUnable([able], 'provider.test'),
        ...(breaker === 'open' ? [`The breaker of ${provider} is open there: the test will be refused.`] : []),
      ],
      undoWords: `What ${set} has sent cannot be taken back.`,
    }
  },

  async run({ environment }, input, control) {
    const able = await tester(environment, input)
    const args = { ...input, key: control.runId }
    return sendTo(environment, { meant: [able] }, { verb: 'provider.test', args, did: did(input) }, control)
  },

  recover: (context, input, control) => outcomeFromAnswers(context, control, did(input)),
})
