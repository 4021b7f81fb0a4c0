import type { ChainableCommander } from 'ioredis'

/** The answer to one command of a pipeline. */
export type Answer = [error: Error | null, value: unknown]

/** One for each command, in their order. ioredis' type also allows none, which only a transaction that watches keys can have. */
export async function answersOf(pipeline: ChainableCommander): Promise<Answer[]> {
  return (await pipeline.exec()) as Answer[]
}
