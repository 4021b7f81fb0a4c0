import type { MemoryStore, StoredJob } from './memory-store.ts'

const keyOf = ({ queue, id }: StoredJob) => `${queue.name}:${id}`

/** A child has completed: its parent gets the result, and begins after the last one. */
export function childCompleted(store: MemoryStore, child: StoredJob): void {
  const { parent } = child
  if (!parent) return
  parent.job.children.set(keyOf(child), { state: 'completed', ...(child.result ? { value: child.result } : {}) })
  releaseParent(store, parent.job)
}

/** A child is a dead letter: its parent waits, fails as well, or goes on without it. */
export function childFailed(store: MemoryStore, child: StoredJob): void {
  const { parent } = child
  if (!parent || parent.ifItFails === 'wait') return
  if (parent.ifItFails === 'ignore') {
    parent.job.children.set(keyOf(child), { state: 'ignored', value: child.error })
    releaseParent(store, parent.job)
  } else if (parent.job.state === 'waiting-children') {
    parent.job.doomed = `child ${keyOf(child)} failed`
    store.enqueue(parent.job, 0)
  }
}

/** Removes a job with its children; its parent no longer waits for it. False while one of them is being worked on. */
export function removeFamily(store: MemoryStore, job: StoredJob): boolean {
  const family = withChildren(store, job)
  if (family.some(({ state }) => state === 'active')) return false
  for (const member of family) store.remove(member)
  const parent = job.parent?.job
  if (parent?.children.get(keyOf(job))?.state === 'pending') {
    parent.children.delete(keyOf(job))
    releaseParent(store, parent)
  }
  return true
}

function withChildren(store: MemoryStore, job: StoredJob): StoredJob[] {
  const children = [...job.children.keys()].flatMap(key => {
    const [queue = '', id = ''] = key.split(':')
    return store.find(queue).jobs.get(id) ?? []
  })
  return [job, ...children.flatMap(child => withChildren(store, child))]
}

function releaseParent(store: MemoryStore, parent: StoredJob): void {
  const isPending = [...parent.children.values()].some(({ state }) => state === 'pending')
  if (parent.state === 'waiting-children' && !isPending) store.enqueue(parent)
}
