import { withinTime } from '../../../core/time-limit.ts'
import { queueError } from './bullmq-error.ts'

/** BullMQ waits for its connection without limit; here no call takes longer than the timeout, and errors are the port's. */
export function bullmqCalls(
  { name, server, timeoutMs }: { name: string; server: string; timeoutMs: number },
  ready: () => Promise<unknown>,
) {
  let isReady = false
  async function whenReady<T>(call: () => Promise<T>): Promise<T> {
    await ready()
    isReady = true
    return call()
  }
  return async function run<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await withinTime(isReady ? call() : whenReady(call), timeoutMs)
    } catch (error) {
      throw queueError(name, error, server)
    }
  }
}
