import { z } from 'zod'
import { ActScope, riskOfScope } from '../../../fleet/act-scope.ts'
import { outcomeFromAnswers } from '../../../fleet/collect-answers.ts'
import { beginOverride, lastingWords, Minutes, undoable, undoWindow } from '../../../fleet/hold.ts'
import { affectedBy, dependentsOf, type Holder, holdersOf, inProcesses, warnUnable } from '../../../fleet/holders.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Name, Reason } from '../../../platform/operation/input.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { PROVIDERS, type ProvidersItem } from '../provider-item.ts'

const Input = z.strictObject({ set: Name, provider: Name, scope: ActScope, reason: Reason, minutes: Minutes })

const knows = ({ item }: Holder<ProvidersItem>, provider: string) =>
  item.providers.some(({ name }) => name === provider)

function refuseUnknown(holders: readonly Holder<ProvidersItem>[], set: string, provider: string): void {
  if (holders.some(holder => knows(holder, provider))) return
  const known = [...new Set(holders.flatMap(({ item }) => item.providers.map(({ name }) => name)))]
  throw new RefusalError({
    code: 'invalid',
    message: `${set} has no provider ${provider}; it has ${known.join(', ')}.`,
    fields: { provider: 'not one of the set' },
  })
}

export const forceProvider = defineOperation({
  id: 'provider.force',
  title: 'Force a provider',
  description: 'Uses one provider of a set and no other, also where it fails, until released or the time is over.',
  permission: 'provider:force',
  targetKind: 'provider set',
  input: Input,
  risk: riskOfScope,
  reason: 'required',
  lines: ['process', 'processes'],
  target: ({ set }) => ({ kind: 'provider set', name: set }),

  async preview({ environment }, { set, provider, scope, minutes }) {
    const holders = await holdersOf(environment, PROVIDERS, set, scope)
    refuseUnknown(holders, set, provider)
    const without = holders.filter(holder => !knows(holder, provider))
    const open = holders.filter(({ item }) =>
      item.providers.some(({ name, breaker }) => name === provider && breaker === 'open'),
    )
    return {
      summary: `${set} will use ${provider} and no other ${inProcesses(holders.length)} ${lastingWords(minutes, 'until it is released')}.`,
      action: `Force ${provider} ${inProcesses(holders.length)}`,
      affected: affectedBy(holders),
      warnings: [
        ...warnUnable(holders, 'provider.force'),
        ...(without.length > 0
          ? [`${provider} is not in the set ${inProcesses(without.length)}, which will refuse.`]
          : []),
        ...(open.length > 0
          ? [`The breaker of ${provider} is open ${inProcesses(open.length)}: calls there will fail until it closes.`]
          : []),
        'While it is forced, calls that it does not take are not made by another provider.',
      ],
      dependents: dependentsOf(holders),
      undo: { windowMs: undoWindow(minutes) },
    }
  },

  async run({ environment }, { set, provider, scope, reason, minutes }, control) {
    const holders = await holdersOf(environment, PROVIDERS, set, scope)
    refuseUnknown(holders, set, provider)
    const args = { set, provider }
    const did = `Forced ${set} to ${provider}`
    return beginOverride(environment, { verb: 'provider.force', scope, args, reason, minutes, holders, did }, control)
  },

  recover: (context, { set, provider }, control) =>
    outcomeFromAnswers(context, control, `Forced ${set} to ${provider}`),
  ...undoable('provider.force', (environment, name, scope) => holdersOf(environment, PROVIDERS, name, scope)),
})
