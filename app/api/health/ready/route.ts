import { running } from '@/app/_server/boot'
import { json } from '@/app/_server/respond'
import { outages } from '@/lib/console/platform/part/outages'
import { part } from '@/lib/console/platform/part/read-part'

/**
 * Whether traffic may be sent here: not while stopping, and not without the store, since no one could sign in. Redis is not
 * asked: a console is needed most when the fleet's Redis is down. Says no more than up or down to who is not signed in.
 */
export async function GET(): Promise<Response> {
  const { console, stopping } = await running()
  const store = await part('Postgres', outages(), console.store.ping(), 2_000)
  const ready = !stopping && store.status === 'up' && console.store.state === 'ready'
  return json(ready ? 200 : 503, { status: ready ? 'up' : 'down', store: store.status, stopping })
}
