import { z } from 'zod'

/** Which way a list is sorted. `auto`: names from A, everything else as people want it first: the gravest, the most. */
export const Direction = z.enum(['auto', 'asc', 'desc']).default('auto')

/** 1: as people want it first; -1: turned round. `natural` is the direction in which they do. */
export function turnOf(direction: z.output<typeof Direction>, natural: 'asc' | 'desc'): 1 | -1 {
  return direction === 'auto' || direction === natural ? 1 : -1
}
