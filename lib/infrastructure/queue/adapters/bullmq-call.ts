import { timeout } from '../../resilience/index.ts'
import { queueError } from './bullmq-error.ts'

/** BullMQ waits for its connection without limit; here no call takes longer than the timeout, and errors are the port's. */
export function bullmqCalls(name: string, timeoutMs: number, ready: () => Promise<unknown>) {
  const limit = timeout(`The queue ${name}`, timeoutMs)
  return async function run<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await limit.execute(async () => {
        await ready()
        return call()
      })
    } catch (error) {
      throw queueError(name, error)
    }
  }
}
