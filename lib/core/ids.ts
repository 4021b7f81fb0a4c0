import { decodeTime, monotonicFactory } from 'ulid'

const next = monotonicFactory()

/** A new ULID: 26 characters, sortable by the time it was made. */
export function newId(): string {
  return next()
}

/** True for a string that has the shape of a ULID. */
export function isId(value: string): boolean {
  return /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(value)
}

/** When an id was made (ms), by the clock of the machine that made it. */
export function timeOfId(id: string): number {
  return decodeTime(id)
}
