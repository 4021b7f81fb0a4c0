import { newId } from '../../../core/ids.ts'
import type { PreparedFlow, PreparedJob } from '../backend.ts'
import type { AddedFlow, AddedJob } from '../port.ts'
import { heldFor, hold, type MemoryStore, type StoredJob, type StoredQueue } from './memory-store.ts'

/** Adds a job, unless there is one with its id or one that it is held back for. */
export function addJob(store: MemoryStore, queue: StoredQueue, job: PreparedJob): AddedJob {
  const { id = newId(), deduplication } = job.options
  if (queue.jobs.has(id)) return { id }
  const holder = deduplication && heldFor(queue, deduplication)
  if (holder && !(deduplication.mode === 'debounce' && holder.state === 'delayed'))
    return { id: holder.id, deduplicated: true }
  if (holder) store.remove(holder)
  const added = stored(queue, id, job)
  if (deduplication) {
    const limited = deduplication.mode === 'simple' ? {} : { until: Date.now() + deduplication.ttlMs }
    hold(queue, deduplication.id, { job: added, ...limited })
  }
  store.enqueue(added)
  return { id }
}

/** Adds a flow: parents wait before their children begin. */
export function addFlow(store: MemoryStore, flow: PreparedFlow, parent?: StoredJob): AddedFlow {
  const queue = store.find(flow.queue)
  const { id = newId() } = flow.options
  const known = queue.jobs.get(id)
  const job = known ?? stored(queue, id, flow)
  if (!known && parent) {
    job.parent = { job: parent, ifItFails: flow.ifItFails }
    parent.children.set(`${flow.queue}:${id}`, { state: 'pending' })
  }
  if (!known && flow.children.length > 0) job.state = 'waiting-children'
  const children = flow.children.map(child => addFlow(store, child, job))
  if (!known && flow.children.length === 0) store.enqueue(job)
  return { queue: flow.queue, id, children }
}

function stored(queue: StoredQueue, id: string, { data: _data, ...job }: PreparedJob): StoredJob {
  const fresh = { attemptsMade: 0, addedAt: Date.now(), failedAt: 0, error: '', stacks: [], children: new Map() }
  const made: StoredJob = { ...job, id, queue, state: 'waiting', turn: 0, ...fresh }
  queue.jobs.set(id, made)
  return made
}
