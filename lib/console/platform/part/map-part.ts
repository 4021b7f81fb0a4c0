import type { Part } from './part.ts'

/** The same part with its data converted; a part that is down stays down. */
export function mapPart<A, B>(part: Part<A>, turn: (data: A) => B): Part<B> {
  return part.status === 'down' ? part : { ...part, data: turn(part.data) }
}
