import { z } from 'zod'
import { parseJson } from '../../../core/json.ts'

const Pairs = z.array(z.tuple([z.string().max(60), z.string().max(600)])).max(50)

/** A filter: which queues come first, as JSON of their servers and keys. A person keeps them in the browser. */
export const favouriteKeys = z
  .string()
  .max(8_000)
  .default('')
  .refine(text => text === '' || Pairs.safeParse(parseJson(text)).success, 'must be pairs of a server and a queue')

/** Whether a queue is one of them. */
export function isFavourite(first: string): (row: { server: string; key: string }) => boolean {
  if (first === '') return () => false
  const keys = new Set(Pairs.parse(parseJson(first)).map(([server, key]) => `${server} ${key}`))
  return ({ server, key }) => keys.has(`${server} ${key}`)
}
