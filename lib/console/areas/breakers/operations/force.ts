import { z } from 'zod'
import { limits, type Override } from '../../../../infrastructure/fleet/index.ts'
import { ledgerOf, outcomeOf } from '../../../fleet/process-answers.ts'
import { Commands } from '../../../fleet/resources.ts'
import { counted } from '../../../platform/counted.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Name, Reason } from '../../../platform/operation/input.ts'
import { breakerFigures } from '../acts/affected-series.ts'
import { outcomeFromAnswers } from '../acts/collect-answers.ts'
import {
  affectedBy,
  BreakerScope,
  holdersOf,
  idsOf,
  inProcesses,
  namesOf,
  riskOfScope,
  toFleetScope,
} from '../acts/target.ts'
import { undoForce } from '../acts/undo-force.ts'

const MINUTE = 60_000
/** How long undo is offered (ms); the breaker can be released at any time after. */
const UNDO_WINDOW = 10 * MINUTE

/** A force that has ended on its own is not undone. */
const undoWindow = (minutes: number | null) => Math.min(UNDO_WINDOW, (minutes ?? Number.POSITIVE_INFINITY) * MINUTE)

const VERB = {
  open: (breaker: string) => `Forced open ${breaker}`,
  closed: (breaker: string) => `Forced closed ${breaker}`,
  shadow: (breaker: string) => `Put ${breaker} into shadow`,
} as const
const ACTION = { open: 'Force open', closed: 'Force closed', shadow: 'Shadow' } as const

const Input = z.strictObject({
  breaker: Name,
  scope: BreakerScope,
  state: z
    .enum(['open', 'closed', 'shadow'])
    .describe('open: no call passes; closed: every call passes; shadow: every call passes, the breaker only computes'),
  reason: Reason,
  minutes: z
    .number()
    .int()
    .min(1)
    .max(7 * 24 * 60)
    .nullable()
    .default(60)
    .describe('ends automatically after this many minutes; null: until released'),
})

export const forceBreaker = defineOperation({
  id: 'breaker.force',
  title: 'Force a breaker',
  description:
    'Holds a breaker open, closed or in shadow, whatever the result of its calls, until it is released or the time is over.',
  permission: 'breaker:force',
  targetKind: 'breaker',
  place: 'breakers?act=breaker.force',
  input: Input,
  risk: riskOfScope,
  reason: 'required',
  lines: ['process', 'processes'],
  target: ({ breaker }) => ({ kind: 'breaker', name: breaker }),

  async preview({ environment }, { breaker, scope, state, minutes }) {
    const holders = await holdersOf(environment, breaker, scope)
    const forced = holders.filter(holder => holder.breaker.forced)
    const failing = holders.filter(holder => holder.breaker.computed.state !== 'closed')
    // A single process is named; those of a scope are counted.
    const where = scope.kind === 'process' ? `in ${holders[0]?.process.instance}` : inProcesses(holders.length)
    const warnings: string[] = []
    if (forced.length > 0)
      warnings.push(
        `Already forced ${inProcesses(forced.length)}, by ${[...new Set(forced.map(holder => holder.breaker.forced?.by))].join(', ')}; this replaces it.`,
      )
    if (state === 'closed' && failing.length > 0)
      warnings.push(
        `Calls are failing ${inProcesses(failing.length)}; forced closed, they will still be sent to the failing dependency.`,
      )
    if (state === 'open') warnings.push('Every call to this dependency will be rejected without being made.')
    return {
      summary: `${breaker} will be held ${state === 'shadow' ? 'in shadow' : state} ${where} ${minutes === null ? 'until it is released' : `for ${counted(minutes, 'minute')}`}${scope.kind === 'process' ? '' : `, and in processes that start in that time`}.`,
      action: `${ACTION[state]} ${where}`,
      affected: affectedBy(holders),
      warnings,
      dependents: [...new Set(holders.map(({ process }) => process.service))],
      undo: { windowMs: undoWindow(minutes) },
    }
  },

  async run({ environment }, { breaker, scope, state, reason, minutes }, control) {
    const holders = await holdersOf(environment, breaker, scope)
    const names = namesOf(holders)
    const commander = environment.of(Commands)
    const now = await commander.now()
    const expiresAt = minutes === null ? undefined : now + minutes * MINUTE
    const args = { breaker, override: control.runId, state, reason, expiresAt }
    const override: Override = {
      v: limits.PROTOCOL_VERSION,
      id: control.runId,
      env: environment.name,
      verb: 'breaker.force',
      scope: toFleetScope(scope),
      except: [],
      args,
      issuedBy: control.actor.name,
      setAt: now,
      expiresAt,
    }
    // One override per scope: an older one would apply again in a process that starts later.
    const replaced = (await commander.overrides()).filter(
      known => known.args.breaker === breaker && JSON.stringify(known.scope) === JSON.stringify(override.scope),
    )
    const answers = await commander.issue({
      id: control.runId,
      verb: 'breaker.force',
      scope: toFleetScope(scope),
      args,
      issuedBy: control.actor.name,
      expected: idsOf(holders),
      overrides: { set: [override], remove: replaced.map(known => known.id) },
      signal: control.signal,
      onAnswer: ledgerOf(names, control),
    })
    return {
      ...outcomeOf(VERB[state](breaker), answers, names),
      undo: { state: { override, replaced }, windowMs: undoWindow(minutes) },
    }
  },

  recover: (context, { breaker, state }, control) =>
    outcomeFromAnswers(context, control, VERB[state](breaker), breaker),
  affects: breakerFigures,
  overtakenBy: ({ scope }, { operation, input }) => {
    const other = (input as { scope?: BreakerScope }).scope
    if (operation === 'breaker.release' && other?.kind === 'fleet') return true
    if (operation !== 'breaker.release' && operation !== 'breaker.force') return false
    return JSON.stringify(other) === JSON.stringify(scope)
  },
  undo: (context, state, control) => undoForce(context, state, control),
})
