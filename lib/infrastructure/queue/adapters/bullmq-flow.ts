import type { FlowJob, JobNode } from 'bullmq'
import type { PreparedFlow } from '../backend.ts'
import type { AddedFlow } from '../port.ts'
import { bullmqCalls } from './bullmq-call.ts'
import { bullmqOptions } from './bullmq-options.ts'
import type { BullStore } from './bullmq-store.ts'

const IF_IT_FAILS = {
  wait: {},
  fail: { failParentOnFailure: true },
  ignore: { ignoreDependencyOnFailure: true },
} as const

/** Adds flows on BullMQ's own producer. */
export function bullmqFlows({ store, timeoutMs }: { store: BullStore; timeoutMs: number }) {
  const producer = store.openFlows()
  producer.on('error', () => undefined)
  return {
    add: (flow: PreparedFlow): Promise<AddedFlow> =>
      bullmqCalls({ name: flow.queue, server: store.server, timeoutMs }, () => producer.waitUntilReady())(async () =>
        added(await producer.add(nodeOf(flow, store))),
      ),
    close: () => producer.close(),
  }
}

function nodeOf(flow: PreparedFlow, store: BullStore): FlowJob {
  return {
    name: flow.name,
    queueName: flow.queue,
    data: store.pack(flow.data),
    opts: { ...bullmqOptions(flow), ...IF_IT_FAILS[flow.ifItFails] },
    ...(flow.children.length === 0 ? {} : { children: flow.children.map(child => nodeOf(child, store)) }),
  }
}

const added = ({ job, children = [] }: JobNode): AddedFlow => ({
  queue: job.queueName,
  id: String(job.id),
  children: children.map(added),
})
