import { type ClientRequest, get } from 'node:http'
import type { Heard } from './arrivals.ts'

export interface SseClient {
  heard: Heard
  close(): void
}

/** A browser's stream of change events, without the browser. Resolves after the console's `hello` event. */
export function openStream(options: { url: string; environment: string; cookie: string }): Promise<SseClient> {
  const { url, environment, cookie } = options
  const heard: Heard = []
  return new Promise((resolve, reject) => {
    const asked: ClientRequest = get(
      `${url}/api/live?environment=${environment}`,
      // A connection of its own, as each browser has.
      { agent: false, headers: { cookie, accept: 'text/event-stream' } },
      response => {
        if (response.statusCode !== 200) {
          reject(new Error(`/api/live answered ${response.statusCode}`))
          return
        }
        let rest = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          const at = process.hrtime.bigint()
          const messages = `${rest}${chunk}`.split('\n\n')
          rest = messages.pop() ?? ''
          for (const message of messages) {
            if (message.includes('event: hello')) resolve({ heard, close: () => asked.destroy() })
            // Only announcements caused by the event itself: a written detail is announced together with the fleet.
            else if (message.includes('"topics":["breakers"]')) heard.push(at)
          }
        })
      },
    )
    asked.on('error', reject)
  })
}
