import { z } from 'zod'
import { ActScope, riskOfScope } from '../../../fleet/act-scope.ts'
import { outcomeFromAnswers } from '../../../fleet/collect-answers.ts'
import { beginOverride, lastingWords, Minutes, undoable, undoWindow } from '../../../fleet/hold.ts'
import { affectedBy, dependentsOf, inProcesses, warnReplaced, warnUnable } from '../../../fleet/holders.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Name, Reason } from '../../../platform/operation/input.ts'
import { cacheHolders } from '../acts/cache-holders.ts'
import { CACHES, hitRatioSeries } from '../hit-ratios.ts'
import { originLoad } from '../origin-load.ts'

const Input = z.strictObject({
  cache: Name,
  scope: ActScope,
  mode: z
    .enum(['off', 'read-only'])
    .describe('off: every lookup goes to the origin; read-only: what is cached is served, and nothing is stored'),
  reason: Reason,
  minutes: Minutes,
})

const DID = {
  off: (cache: string) => `Switched off ${cache}`,
  'read-only': (cache: string) => `Switched ${cache} to read-only`,
} as const
const WILL = {
  off: 'will be switched off: every lookup goes to the origin',
  'read-only': 'will be read-only: what is cached is served, and nothing is stored',
} as const

export const switchCache = defineOperation({
  id: 'cache.switch',
  title: 'Switch a cache off',
  description:
    'Switches a cache off, or to read-only, until it is switched on or the time is over. Invalidations go on, so nothing old is served afterwards.',
  permission: 'cache:switch',
  targetKind: 'cache',
  input: Input,
  risk: riskOfScope,
  reason: 'required',
  lines: ['process', 'processes'],
  target: ({ cache }) => ({ kind: 'cache', name: cache }),
  affects: ({ cache }) => [{ service: CACHES, series: hitRatioSeries(cache, 'any'), label: 'Hit ratio' }],

  async preview({ environment }, { cache, scope, mode, minutes }) {
    const holders = await cacheHolders(environment, cache, scope)
    const affected = affectedBy(holders)
    return {
      summary: `${cache} ${WILL[mode]}, ${inProcesses(holders.length)} ${lastingWords(minutes, 'until it is switched on')}.`,
      action: `${mode === 'off' ? 'Switch off' : 'Make read-only'} ${inProcesses(holders.length)}`,
      affected,
      warnings: [
        ...warnUnable(holders, 'cache.switch'),
        ...(mode === 'off'
          ? (
              await originLoad(environment, {
                cache,
                where: { by: 'all' },
                affected,
                ratio: undefined,
                until: 'it is switched on',
                inSome: scope.kind !== 'fleet',
              })
            ).words
          : []),
        ...warnReplaced(
          'switched',
          holders.map(({ item }) => item.switched),
        ),
      ],
      dependents: dependentsOf(holders),
      undo: { windowMs: undoWindow(minutes) },
    }
  },

  async run({ environment }, { cache, scope, mode, reason, minutes }, control) {
    const holders = await cacheHolders(environment, cache, scope)
    const args = { cache, mode }
    return beginOverride(
      environment,
      { verb: 'cache.switch', scope, args, reason, minutes, holders, did: DID[mode](cache) },
      control,
    )
  },

  recover: (context, { cache, mode }, control) => outcomeFromAnswers(context, control, DID[mode](cache)),
  ...undoable('cache.switch', cacheHolders),
})
