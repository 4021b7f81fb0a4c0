import { storeFailureOf } from '../../core/store-failure.ts'
import { KvError } from './port.ts'

/** The port's error for what the server or its client rejected with. */
export function kvErrorOf(server: string, error: unknown): KvError {
  if (error instanceof KvError) return error
  const { kind, message, ...options } = storeFailureOf(server, 'kv', error)
  if (message.includes('WRONGTYPE')) return wrongKind(error)
  return new KvError(message, { ...options, code: kind === 'unreachable' ? 'KV_UNREACHABLE' : 'KV_REFUSED' })
}

export function wrongKind(cause?: unknown): KvError {
  return new KvError('This key has a list where a value was meant, or a value where a list was meant', {
    code: 'KV_KIND',
    cause,
  })
}

export function notANumber(): KvError {
  return new KvError('This key has no whole number to add to, or the sum is beyond what a number counts exactly', {
    code: 'KV_NUMBER',
  })
}
