import type { QueueAddress, QueueMajor, QueueWriter } from '../../server-port.ts'

/** What all keys of a queue begin with. */
export const baseOf = ({ prefix, name }: QueueAddress) => `${prefix}:${name}:`

const KNOWN: readonly number[] = [4, 5, 6] satisfies QueueMajor[]

/** What `meta.version` says, and whether its rules are known here. */
export function writerOf(version: string | null | undefined): QueueWriter {
  if (!version) return { unknownBecause: 'Its meta key names no version, so the rules of its BullMQ are not known.' }
  const [, library = '', number = ''] = /^([\w-]+):(\d+)\./.exec(version) ?? []
  const major = Number(number)
  if (library !== 'bullmq')
    return { version, unknownBecause: `It was written by ${library || version}, whose rules are not known here.` }
  if (!KNOWN.includes(major))
    return { version, unknownBecause: `It was written by BullMQ ${major}; the rules of 4, 5 and 6 are known here.` }
  return { version, major: major as QueueMajor }
}

/** A replacement character in what came from Redis: the bytes were no UTF-8, so the name cannot be sent back. */
export const isLossy = (text: string) => text.includes('\ufffd')
