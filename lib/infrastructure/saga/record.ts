import { messageOf } from '../../core/errors.ts'
import type { SagaAct, SagaDefinition, SagaRun, SagaState, StepRecord } from './port.ts'
import type { StoredSaga } from './store.ts'

/** Characters of an error that are kept. */
const ERROR = 1_000

interface KeptStep extends StepRecord {
  /** As JSON. */
  result?: string
}

/** What is kept of a saga besides its state, as one JSON. */
export interface KeptRecord {
  /** As JSON. */
  input: string
  steps: KeptStep[]
  error?: SagaRun['error']
  acts: SagaAct[]
}

/** What is to be done next of a saga that goes on. */
export type Next = { to: 'run' | 'compensate'; at: number } | { end: 'completed' | 'compensated' }

export function newRecord<Input>(definition: SagaDefinition<Input>, input: string): KeptRecord {
  return { input, steps: pendingSteps(definition), acts: [] }
}

function pendingSteps<Input>({ steps }: SagaDefinition<Input>): KeptStep[] {
  return steps.map(({ name, compensate, pivot }) => ({
    name,
    state: 'pending',
    attempts: 0,
    compensates: compensate !== undefined,
    ...(pivot ? { pivot } : {}),
  }))
}

/**
 * The record with the steps that the code has today. Those that have begun must be where they were, or what they did could not be continued:
 * the reason is returned then.
 */
export function withCode<Input>(record: KeptRecord, definition: SagaDefinition<Input>): KeptRecord | string {
  const begun = record.steps.findLastIndex(({ state }) => state !== 'pending') + 1
  const moved = record.steps.slice(0, begun).find(({ name }, at) => definition.steps[at]?.name !== name)
  if (moved)
    return `The code of ${definition.name} no longer has the step ${moved.name} where it was when this one was started. Deploy code that has it, and retry.`
  return { ...record, steps: [...record.steps.slice(0, begun), ...pendingSteps(definition).slice(begun)] }
}

export function nextOf(state: SagaState, { steps }: KeptRecord): Next {
  if (state === 'compensating') {
    const at = steps.findLastIndex(needsCompensation)
    return at === -1 ? { end: 'compensated' } : { to: 'compensate', at }
  }
  const at = steps.findIndex(step => step.state !== 'done')
  return at === -1 ? { end: 'completed' } : { to: 'run', at }
}

/** What was begun and may have had an effect. */
const needsCompensation = ({ state, compensates }: KeptStep) =>
  compensates && state !== 'pending' && state !== 'compensated'

export const isBeyondPivot = ({ steps }: KeptRecord) => steps.some(({ pivot, state }) => pivot && state === 'done')

export const withStep = (record: KeptRecord, at: number, change: Partial<KeptStep>): KeptRecord => ({
  ...record,
  steps: record.steps.map((step, index) => (index === at ? { ...step, ...change } : step)),
})

export function withDone(
  record: KeptRecord,
  at: number,
  to: 'run' | 'compensate',
  result: string | undefined,
): KeptRecord {
  const state = to === 'run' ? ('done' as const) : ('compensated' as const)
  const steps = record.steps.map((step, index): KeptStep => {
    if (index !== at) return step
    const { error: _, result: __, ...rest } = step
    return { ...rest, state, endedAt: Date.now(), ...(result === undefined ? {} : { result }) }
  })
  return { ...record, steps }
}

/** Whether it failed on its way back. */
export const isBack = ({ error }: KeptRecord) => error?.during === 'compensation'

export function withAct(state: SagaState, record: KeptRecord, act: SagaAct): { state: SagaState; record: KeptRecord } {
  const acts = [...record.acts, act]
  if (act.act === 'compensate') return { state: 'compensating', record: { ...record, acts } }
  // With all its attempts again.
  const steps = record.steps.map((step): KeptStep => {
    if (step.state === 'failed' && !isBack(record)) return { ...step, state: 'running', attempts: 0 }
    if (step.state === 'compensation-failed') return { ...step, state: 'compensating', compensationAttempts: 0 }
    return step
  })
  const going = state !== 'failed' ? state : isBack(record) ? 'compensating' : 'running'
  const { error: _, ...rest } = record
  return { state: going, record: { ...rest, steps, acts } }
}

export function shownRun({ record, ...stored }: StoredSaga): SagaRun {
  return {
    ...stored,
    steps: record.steps.map(({ result: _, ...step }) => step),
    ...(record.error ? { error: record.error } : {}),
    acts: record.acts,
  }
}

export const errorText = (error: unknown) => messageOf(error).slice(0, ERROR)
