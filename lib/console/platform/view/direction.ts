import { z } from 'zod'

/** Which way a list is sorted. `auto`: names from A, everything else by what matters first: the most severe, the most. */
export const Direction = z.enum(['auto', 'asc', 'desc']).default('auto')

/** 1: what matters first; -1: reversed. `natural` is the direction of the former. */
export function turnOf(direction: z.output<typeof Direction>, natural: 'asc' | 'desc'): 1 | -1 {
  return direction === 'auto' || direction === natural ? 1 : -1
}
