import { Fleet } from '@/lib/console/fleet/resources'
import type { LiveEvent } from '@/lib/console/platform/live/hub'
import type { Running } from './boot'

const PING_EVERY = 15_000
const RECHECK_EVERY = 30_000

/** One browser's stream of “this changed”. It ends when the browser goes, the session is over or the console stops. */
export async function liveStream(request: Request, environment: string, state: Running): Promise<Response | undefined> {
  const { console, sessions } = state
  const first = await sessions.visitor(request.headers, 'console')
  const known = console.environment(environment)
  if (first.status !== 'admitted' || !known) return
  let role = first.actor.role
  // That something changed is itself worth protecting; a topic that no area declares goes to no one.
  const mayHear = (topic: string) => {
    const needs = console.topics[topic]
    return needs !== undefined && console.access.isAllowed(role, needs)
  }
  const encoder = new TextEncoder()
  const lastSeen = Number(
    request.headers.get('last-event-id') ?? new URL(request.url).searchParams.get('after') ?? Number.NaN,
  )
  let end = () => {}

  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (text: string) => {
        // A browser that takes nothing any more (a phone that fell asleep) must not collect events in memory.
        if ((controller.desiredSize ?? 0) < -256) return end()
        try {
          controller.enqueue(encoder.encode(text))
        } catch {
          end()
        }
      }
      const pass = (event: LiveEvent) => {
        if (event.environment !== environment) return
        const topics = event.topics.filter(topic => mayHear(topic))
        if (topics.length > 0)
          send(`id: ${event.id}\nevent: changed\ndata: ${JSON.stringify({ topics, at: event.at })}\n\n`)
      }
      send(`retry: 1000\nid: ${console.hub.lastId}\nevent: hello\ndata: {}\n\n`)
      const missed = Number.isFinite(lastSeen) ? console.hub.since(lastSeen) : []
      // Events that are no longer kept, or ids of a console that has restarted: everything may have changed.
      if (missed === undefined) send(`id: ${console.hub.lastId}\nevent: refetch\ndata: {}\n\n`)
      else for (const event of missed) pass(event)

      const unsubscribe = console.hub.subscribe(pass)
      const unwatch = known.of(Fleet).watch()
      const ping = setInterval(() => send(': ping\n\n'), PING_EVERY)
      const stopping = setInterval(() => state.stopping && end(), 500)
      const recheck = setInterval(async () => {
        const visitor = await sessions.visitor(request.headers, 'console')
        if (visitor.status === 'admitted') role = visitor.actor.role
        else if (visitor.status !== 'unavailable') {
          send('event: signed-out\ndata: {}\n\n')
          end()
        }
      }, RECHECK_EVERY)
      let ended = false
      end = () => {
        if (ended) return
        ended = true
        unsubscribe()
        unwatch()
        clearInterval(ping)
        clearInterval(stopping)
        clearInterval(recheck)
        try {
          controller.close()
        } catch {
          // The browser was faster.
        }
      }
      request.signal.addEventListener('abort', end)
    },
    cancel: () => end(),
  })
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      connection: 'keep-alive',
    },
  })
}
