import type { ChainableCommander } from 'ioredis'

/** What each command answered, in their order. Rejects with the first error. */
export async function answersOf(pipeline: ChainableCommander): Promise<unknown[]> {
  // Only a transaction that was given up answers with null.
  const answers = (await pipeline.exec()) as [Error | null, unknown][]
  return answers.map(([error, answer]) => {
    if (error) throw error
    return answer
  })
}
