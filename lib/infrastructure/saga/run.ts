import type { TransactionSql } from 'postgres'
import { keepRenewed } from '../../core/renewal.ts'
import { asJson, attempted, waitBefore } from './attempt.ts'
import { type SagaAct, type SagaDefinition, SagaError, type SagaState, StepRefusedError } from './port.ts'
import {
  errorText,
  isBeyondPivot,
  type KeptRecord,
  type Next,
  nextOf,
  withAct,
  withCode,
  withDone,
  withStep,
} from './record.ts'
import type { Held, Kept, SagaStore, StoredSaga } from './store.ts'

interface RunParts<Input> {
  definition: SagaDefinition<Input>
  held: Held
  saga: StoredSaga
  store: SagaStore
  /** Aborts when the process is about to stop: no other step begins. */
  draining: AbortSignal
  /** Aborts when it cannot wait any longer: the step under way begins again elsewhere. */
  signal: AbortSignal
}

type Going = Kept & { asked: SagaAct | undefined }
type Task = Extract<Next, { to: unknown }>

/** Attempts beyond those allowed, in which its process ended: a deployment that goes wrong is no reason to give up, a step that kills its process is. */
const CRASHES = 20

/** Carries a saga on until it has ended, waits for its next attempt or for a person, or this process stops. */
export async function runSaga<Input>({
  definition,
  held,
  saga,
  store,
  draining,
  signal,
}: RunParts<Input>): Promise<void> {
  const lost = new AbortController()
  const renewal = keepRenewed({ renew: () => store.renew(held), leaseMs: held.leaseMs, expires: true }, () =>
    lost.abort(
      new SagaError(`${saga.id} was not renewed in time, and another process may have taken over`, {
        code: 'SAGA_LOST',
      }),
    ),
  )
  const either = AbortSignal.any([signal, lost.signal])
  const input: Input = JSON.parse(saga.record.input)
  let going: Going = { state: saga.state, record: saga.record, asked: saga.asked }

  async function keep(kept: Kept): Promise<void> {
    going = { ...kept, applied: undefined, asked: await store.keep(held, kept) }
  }
  async function keepWith(work: (transaction?: TransactionSql) => Promise<Kept>): Promise<void> {
    let kept: Kept = going
    const asked = await store.keepWith(held, async transaction => {
      kept = await work(transaction)
      return kept
    })
    going = { ...kept, applied: undefined, asked }
  }
  /** False: a person has asked for something meanwhile. */
  async function release(kept: Kept, dueInMs?: number): Promise<boolean> {
    if (await store.release(held, { ...kept, dueInMs })) return true
    await keep(kept)
    return false
  }
  const stop = (state: SagaState, record: KeptRecord) => release({ ...going, state, record })

  /** Marked as begun before it begins, so that its attempts count also where one kills its process. */
  async function begin({ to, at }: Task): Promise<void> {
    const { step, made } = partsOf({ to, at })
    const change =
      to === 'run'
        ? { state: 'running' as const, attempts: made + 1, startedAt: step.startedAt ?? Date.now() }
        : { state: 'compensating' as const, compensationAttempts: made + 1 }
    await keep({ ...going, record: withStep(going.record, at, change) })
  }

  /** The error of the step, where it failed. One of the store rejects. */
  async function attempt({ to, at }: Task): Promise<{ error: unknown } | undefined> {
    const { code, step, made } = partsOf({ to, at })
    let failure: { error: unknown } | undefined
    const context = {
      sagaId: saga.id,
      input,
      results: resultsOf(going.record),
      ...(step.result === undefined ? {} : { result: JSON.parse(step.result) }),
      idempotencyKey: to === 'run' ? `${saga.id}:${step.name}` : `${saga.id}:${step.name}:compensation`,
      attempt: made,
    }
    const work = async (transaction?: TransactionSql): Promise<Kept> => {
      try {
        const result = await attempted(
          own =>
            (to === 'run' ? code.run : code.compensate)?.call(code, {
              ...context,
              signal: own,
              ...(transaction ? { in: transaction } : {}),
            }),
          { signal: either, timeoutMs: code.timeoutMs },
        )
        const json = to === 'run' ? asJson(`What ${step.name} resolved with`, result) : step.result
        return { ...going, record: withDone(going.record, at, to, json) }
      } catch (error) {
        failure = { error }
        throw error
      }
    }
    try {
      if (code.transactional) await keepWith(work)
      else await keep(await work())
    } catch (error) {
      if (!failure || failure.error === either.reason) throw error
    }
    return failure
  }

  /** True: it is let go, for another attempt or for a person. */
  async function failed({ to, at }: Task, error: unknown): Promise<boolean> {
    const { code, step, made } = partsOf({ to, at })
    const message = errorText(error)
    const noted = withStep(going.record, at, { error: message })
    const waitMs = waitBefore(made, error, to, to === 'run' ? code.retry : code.compensationRetry)
    if (waitMs !== undefined) return release({ ...going, record: noted }, waitMs)
    const during = to === 'run' ? ('step' as const) : ('compensation' as const)
    const record: KeptRecord = {
      ...withStep(noted, at, { state: to === 'run' ? 'failed' : 'compensation-failed', endedAt: Date.now() }),
      error: { step: step.name, message, at: Date.now(), during },
    }
    if (to === 'compensate' || definition.onFailure === 'wait' || isBeyondPivot(record)) return stop('failed', record)
    await keep({ ...going, state: 'compensating', record })
    return false
  }

  function partsOf({ to, at }: Task) {
    const code = definition.steps[at]
    const step = going.record.steps[at]
    if (!code || !step) throw new SagaError(`${definition.name} has no step ${at}`, { code: 'SAGA_OPTIONS' })
    return { code, step, made: (to === 'run' ? step.attempts : step.compensationAttempts) ?? 0 }
  }

  function applyAsked(): void {
    const { asked } = going
    if (asked) going = { ...withAct(going.state, going.record, asked), applied: asked, asked: undefined }
  }

  try {
    applyAsked()
    const record = withCode(going.record, definition)
    if (typeof record === 'string') {
      const step = going.record.steps.find(({ state }) => state !== 'done')?.name ?? definition.name
      const during = going.state === 'compensating' ? 'compensation' : 'step'
      await stop('failed', { ...going.record, error: { step, message: record, at: Date.now(), during } })
      return
    }
    going = { ...going, record }
    for (;;) {
      applyAsked()
      const next = nextOf(going.state, going.record)
      if ('end' in next) {
        if (await stop(next.end, going.record)) return
        continue
      }
      either.throwIfAborted()
      draining.throwIfAborted()
      const before = going.record
      const { code, made } = partsOf(next)
      const { attempts } = (next.to === 'run' ? code.retry : code.compensationRetry) ?? {}
      if (made >= (attempts ?? 0) + CRASHES) {
        const crashed = new StepRefusedError(`its process ended in it again and again, ${made} times`)
        if (await failed(next, crashed)) return
        continue
      }
      await begin(next)
      if (going.asked?.act === 'compensate' && next.to === 'run') {
        // Asked for between two steps: the next one does not begin any more.
        going = { ...going, record: before }
        continue
      }
      const failure = await attempt(next)
      if (failure && (await failed(next, failure.error))) return
    }
  } catch (error) {
    if (lost.signal.aborted) throw lost.signal.reason
    if (error !== draining.reason && error !== signal.reason) throw error
    // Another process goes on at once; where this fails, once the lease is over.
    await store.release(held, { ...going, dueInMs: 0 }).catch(() => undefined)
  } finally {
    renewal.stop()
  }
}

function resultsOf({ steps }: KeptRecord): Record<string, unknown> {
  return Object.fromEntries(
    steps.flatMap(({ name, state, result }) =>
      state === 'pending' || state === 'running' ? [] : [[name, result === undefined ? undefined : JSON.parse(result)]],
    ),
  )
}
