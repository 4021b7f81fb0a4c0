import { newId } from '../../core/ids.ts'
import { asJson } from './attempt.ts'
import {
  type Saga,
  type SagaAct,
  type SagaDefinition,
  SagaError,
  type SagaRun,
  type SagaState,
  type Sagas,
  type StartOptions,
} from './port.ts'
import { newRecord, shownRun } from './record.ts'
import { SagaReports } from './reports.ts'
import type { SagaStore } from './store.ts'
import { SagaWorker } from './worker.ts'

/** How often is looked whether a saga has settled that another process may carry out (ms). */
const SETTLED_EVERY = 250
const LIMIT = 50

/** The sagas of one process. */
export function sagasOver(store: SagaStore, onError: (error: unknown) => void): Sagas {
  // biome-ignore lint/suspicious/noExplicitAny: what its input is, only the code that starts it knows.
  const definitions = new Map<string, SagaDefinition<any>>()
  const reports = new SagaReports(store, definitions)
  const worker = new SagaWorker({ store, definitions, onError, onChange: () => reports.changed() })
  let closing: Promise<void> | undefined

  function assertOpen() {
    if (closing) throw new SagaError('The sagas of this process have been closed', { code: 'SAGA_CLOSED' })
  }
  const missing = (id: string) => new SagaError(`There is no saga ${id}`, { code: 'SAGA_UNKNOWN' })

  async function start<Input>(
    definition: SagaDefinition<Input>,
    input: Input,
    { key, in: transaction }: StartOptions,
  ): Promise<{ id: string; started: boolean }> {
    assertOpen()
    if (key !== undefined && (key === '' || key.length > 300))
      throw new SagaError('A key has 1 to 300 characters', { code: 'SAGA_OPTIONS' })
    const json = asJson(`The input of ${definition.name}`, input) ?? 'null'
    const id = newId()
    const record = newRecord(definition, json)
    const former = await store.add(
      { id, saga: definition.name, record, ...(key === undefined ? {} : { key }) },
      transaction,
    )
    if (former !== undefined) return { id: former, started: false }
    worker.wake()
    return { id, started: true }
  }

  async function ask(id: string, act: SagaAct['act'], { by, reason }: { by?: string; reason?: string } = {}) {
    assertOpen()
    const asked = {
      act,
      at: Date.now(),
      ...(by === undefined ? {} : { by }),
      ...(reason === undefined ? {} : { reason }),
    }
    const outcome = await store.ask(id, asked)
    if (outcome === undefined) throw missing(id)
    if (outcome !== 'asked') throw new SagaError(refusalOf(act, outcome), { code: 'SAGA_STATE' })
    worker.wake()
    reports.changed()
  }

  async function settled(id: string, signal: AbortSignal | undefined): Promise<SagaRun> {
    for (;;) {
      signal?.throwIfAborted()
      assertOpen()
      const found = await store.find(id)
      if (!found) throw missing(id)
      if (found.state !== 'running' && found.state !== 'compensating' && !found.asked) return shownRun(found)
      await worker.ended(SETTLED_EVERY)
    }
  }

  return {
    define<Input>(definition: SagaDefinition<Input>): Saga<Input> {
      assertOpen()
      const { name, steps } = definition
      if (steps.length === 0) throw new SagaError(`${name} has no steps`, { code: 'SAGA_OPTIONS' })
      if (definitions.has(name)) throw new SagaError(`${name} is defined twice`, { code: 'SAGA_OPTIONS' })
      definitions.set(name, definition)
      reports.changed()
      return { name, start: (input, options = {}) => start(definition, input, options) }
    },
    work(options = {}) {
      assertOpen()
      worker.start(options)
      reports.works = true
    },
    async find(id) {
      assertOpen()
      const found = await store.find(id)
      return found && shownRun(found)
    },
    async list({ limit = LIMIT, ...options } = {}) {
      assertOpen()
      return (await store.list({ ...options, limit })).map(shownRun)
    },
    settled: (id, { signal } = {}) => settled(id, signal),
    retry: (id, options) => ask(id, 'retry', options),
    compensate: (id, options) => ask(id, 'compensate', options),
    async removeEnded(olderThanMs, { limit = 10_000 } = {}) {
      assertOpen()
      return store.removeEnded(olderThanMs, limit)
    },
    reports: () => reports.reports(),
    get revision() {
      return reports.revision
    },
    close({ timeoutMs = 10_000 } = {}) {
      closing ??= (async () => {
        await worker.stop(timeoutMs)
        await reports.close()
        await store.close()
      })()
      return closing
    },
  }
}

function refusalOf(act: SagaAct['act'], { state, asked }: { state: SagaState; asked: SagaAct | undefined }): string {
  if (asked) return `A ${asked.act === 'retry' ? 'retry' : 'compensation'} was asked for and is not carried out yet`
  if (state === 'completed' || state === 'compensated') return `It is ${state} already`
  if (act === 'retry') return 'It is running: there is nothing to retry'
  return state === 'compensating' ? 'It is being compensated already' : 'Its compensation failed: retry it instead'
}
