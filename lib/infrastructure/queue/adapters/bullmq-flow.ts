import { type FlowJob, FlowProducer, type JobNode } from 'bullmq'
import type { Redis } from 'ioredis'
import type { PreparedFlow } from '../backend.ts'
import type { AddedFlow } from '../port.ts'
import { bullmqCalls } from './bullmq-call.ts'
import { bullmqOptions } from './bullmq-options.ts'

const IF_IT_FAILS = {
  wait: {},
  fail: { failParentOnFailure: true },
  ignore: { ignoreDependencyOnFailure: true },
} as const

/** Adds flows on BullMQ's own producer. The connection is the caller's, and stays open. */
export function bullmqFlows({ redis, prefix, timeoutMs }: { redis: Redis; prefix: string; timeoutMs: number }) {
  const producer = new FlowProducer({ connection: redis, prefix })
  producer.on('error', () => undefined)
  return {
    add: (flow: PreparedFlow): Promise<AddedFlow> =>
      bullmqCalls(flow.queue, timeoutMs, () => producer.waitUntilReady())(async () =>
        added(await producer.add(nodeOf(flow))),
      ),
    close: () => producer.close(),
  }
}

function nodeOf(flow: PreparedFlow): FlowJob {
  return {
    name: flow.name,
    queueName: flow.queue,
    data: flow.data,
    opts: { ...bullmqOptions(flow), ...IF_IT_FAILS[flow.ifItFails] },
    ...(flow.children.length === 0 ? {} : { children: flow.children.map(nodeOf) }),
  }
}

const added = ({ job, children = [] }: JobNode): AddedFlow => ({
  queue: job.queueName,
  id: String(job.id),
  children: children.map(added),
})
