import type { LookupFunction } from 'node:net'
import { HttpError } from '../error.ts'
import { isPrivate } from './addresses.ts'

/** Answers only with public addresses, but for hosts that may have others. What is connected to is what it answers: a name is not resolved twice. */
export function publicLookup(lookup: LookupFunction, allows: (host: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    if (allows(hostname)) return lookup(hostname, options, callback)
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '', 0)
      const usable = (found as { address: string; family: number }[]).filter(({ address }) => !isPrivate(address))
      const [first] = usable
      if (!first) return callback(privateAddress(hostname), '', 0)
      if (options.all) return callback(null, usable)
      callback(null, first.address, first.family)
    })
  }
}

export const privateAddress = (host: string) =>
  new HttpError(`${host} has a private address`, {
    code: 'HTTP_ADDRESS',
    notDone: true,
    nextStep: 'Name it in allowPrivate if it is meant to be called.',
  })
