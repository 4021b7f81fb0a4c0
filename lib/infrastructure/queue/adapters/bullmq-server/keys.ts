import type { QueueAddress, QueueMajor, QueueWriter } from '../../server-port.ts'
import { majorsBy } from './traces.ts'

/** The beginning of all keys of a queue. */
export const baseOf = ({ prefix, name }: QueueAddress) => `${prefix}:${name}:`

const KNOWN: readonly number[] = [4, 5, 6] satisfies QueueMajor[]

/** BullMQ's default prefix. */
const DEFAULT_PREFIX = 'bull'

/**
 * Splits a key into prefix and name of a queue. Of declared prefixes the longest that matches, undefined when none does. Otherwise only
 * the default prefix is certain, and else the name is what follows the last colon: the keys are the same either way.
 */
export function splitKey(key: string, declared?: readonly string[]): QueueAddress | undefined {
  const fits = (prefix: string) => key.startsWith(`${prefix}:`) && key.length > prefix.length + 1
  const [longest] = (declared ?? [DEFAULT_PREFIX]).filter(fits).sort((a, b) => b.length - a.length)
  if (longest !== undefined) return { prefix: longest, name: key.slice(longest.length + 1) }
  const colon = key.lastIndexOf(':')
  if (declared || colon < 1 || colon === key.length - 1) return
  return { prefix: key.slice(0, colon), name: key.slice(colon + 1) }
}

/** The writer by `meta.version`, or else by other traces, and whether its rules are known here. */
export function writerOf(version: string | null | undefined, traces = ''): QueueWriter {
  if (!version) return writerByTraces(traces)
  const [, library = '', number = ''] = /^([\w-]+):(\d+)\./.exec(version) ?? []
  const major = Number(number)
  if (library !== 'bullmq')
    return { version, unknownBecause: `It was written by ${library || version}, whose rules are not known here.` }
  if (!KNOWN.includes(major))
    return { version, unknownBecause: `It was written by BullMQ ${major}; the rules of 4, 5 and 6 are known here.` }
  return { version, major: major as QueueMajor }
}

function writerByTraces(traces: string): QueueWriter {
  const possible = majorsBy(traces)
  const [major] = possible
  if (major !== undefined && possible.length === 1) return { major, possible }
  const unnamed = 'Its meta key has no version'
  if (major === undefined)
    return {
      possible: [4, 5, 6],
      unknownBecause: `${unnamed}, and its keys show that several majors of BullMQ have worked on it.`,
    }
  const listed = possible.length === 2 ? possible.join(' or ') : '4, 5 or 6'
  return { possible, unknownBecause: `${unnamed}. By its keys, BullMQ ${listed} works on it.` }
}

/** A replacement character in a text from Redis: the bytes were not UTF-8, so the name cannot be sent back. */
export const isLossy = (text: string) => text.includes('\ufffd')
