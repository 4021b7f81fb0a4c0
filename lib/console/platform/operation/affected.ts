import type { Affected } from './wire.ts'

/** `1,204 dead letters`, `about 1,200 keys`, `an unknown number of entries`: for the sentences of a preview. */
export function describeAffected({ count, precision, noun }: Affected): string {
  if (count === undefined) return `an unknown number of ${noun}`
  return `${precision === 'sampled' ? 'about ' : ''}${count.toLocaleString('en')} ${noun}`
}
