import { byText } from '../../../core/text-order.ts'
import { TROUBLES } from './condition.ts'
import type { QueueRow } from './queue-row.ts'

const gravityOf = ({ troubles: [first] }: QueueRow) => (first === undefined ? TROUBLES.length : TROUBLES.indexOf(first))
const byName = (a: QueueRow, b: QueueRow) => byText(a.title, b.title) || byText(a.key, b.key)
/** Unknown sorts after everything known. */
const most = (figure: (row: QueueRow) => number | undefined) => (a: QueueRow, b: QueueRow) =>
  (figure(b) ?? -1) - (figure(a) ?? -1) || byName(a, b)
/** Orders of the list, each so that the first row comes first when it is `desc` and by name otherwise. */
export const queueOrder: Record<
  'trouble' | 'name' | 'waiting' | 'failed' | 'rate' | 'oldest',
  (a: QueueRow, b: QueueRow) => number
> = {
  trouble: (a, b) => gravityOf(a) - gravityOf(b) || most(row => row.waiting)(a, b),
  name: byName,
  waiting: most(row => row.waiting),
  failed: most(row => row.counts.failed),
  rate: most(row => (row.rate.known ? row.rate.value.completed + row.rate.value.failed : undefined)),
  oldest: most(row => (row.waitingSince === undefined ? undefined : Date.now() - row.waitingSince)),
}
