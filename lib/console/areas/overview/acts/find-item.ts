import { z } from 'zod'
import type { RankedItem } from '../../../platform/attention/collect.ts'
import type { OperationContext } from '../../../platform/operation/define.ts'
import { RefusalError } from '../../../platform/refusal.ts'

/** Id of an attention item, from the view `overview`. */
export const ItemId = z.string().min(1).max(600)

/** The item as it is now, marked or not. */
export async function findItem({ attention }: Pick<OperationContext, 'attention'>, id: string): Promise<RankedItem> {
  const { items, muted } = await attention()
  const item = [...items, ...muted].find(candidate => candidate.id === id)
  if (item) return item
  throw new RefusalError({
    code: 'not_found',
    message: 'There is no such attention item now: the trouble is over, or has changed.',
    nextStep: 'Check the overview again.',
    fields: { item: 'is not on the overview' },
  })
}

/** `receipts.send has 3 dead letters`. */
export const sentenceOf = ({ subject, text }: RankedItem) => `${subject} ${text}`
