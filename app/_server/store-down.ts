import type { Console } from '@/lib/console/open'
import { outages } from '@/lib/console/platform/part/outages'
import { part } from '@/lib/console/platform/part/read-part'

const LONGEST = 1_500

/** Why the console's own Postgres cannot be used, as the end of a page's sentence; undefined where it can. */
export async function storeDown({ store }: Pick<Console, 'store'>): Promise<string | undefined> {
  const reached = await part('Postgres', outages(), store.ping(), LONGEST)
  if (reached.status === 'down') return reached.reason
  return store.state === 'ready' ? undefined : (store.reason ?? 'Postgres is being prepared')
}
