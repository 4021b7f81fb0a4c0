import type { Measurement } from '../harness/definition.ts'

export interface HttpInput {
  url: string
}

export const ORDER = { id: 'order-17', cents: 4_200, items: ['a', 'b', 'c'].map(name => ({ name, count: 2 })) }

const CALLS = 6_000
const WARM_CALLS = 2_000
const AT_ONCE = 8

export type Post = () => Promise<unknown>

/** µs a call, with so many under way at a time. */
export async function measureCalls(post: Post): Promise<Measurement> {
  await repeat(post, WARM_CALLS)
  globalThis.gc?.()
  const began = performance.now()
  await repeat(post, CALLS)
  return { value: ((performance.now() - began) * 1_000) / CALLS }
}

async function repeat(post: Post, times: number): Promise<void> {
  let left = times
  const caller = async () => {
    while (left-- > 0) {
      const answer = (await post()) as { received?: number }
      if (!answer.received) throw new Error('the service did not receive the order')
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, caller))
}
