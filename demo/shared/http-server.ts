import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'

export interface Call {
  params: Record<string, string>
  query: URLSearchParams
  /** The JSON that was sent; undefined when there was none. */
  body: unknown
}
export interface Reply {
  status: number
  body: unknown
  contentType?: string
}
export interface Route {
  method: 'GET' | 'POST'
  /** `/products/:id` */
  path: string
  handle(call: Call): Reply | Promise<Reply>
}
/** Called for each answer, with the route and not the URL, so that there are few of them. */
type OnAnswer = (answer: { route: string; status: number; seconds: number }) => void

export const reply = (status: number, body: unknown): Reply => ({ status, body })
const BODY_LIMIT = 65_536

/** A JSON server on loopback: nothing of the demo is for anyone outside this machine. */
export function httpServer(routes: Route[], options: { onAnswer?: OnAnswer; onError?: (error: unknown) => void } = {}) {
  const compiled = routes.map(route => ({ route, parts: route.path.split('/') }))

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const began = performance.now()
    const url = new URL(request.url ?? '/', 'http://loopback')
    const parts = url.pathname.split('/')
    let label = 'none'
    let result: Reply = reply(404, { error: 'There is nothing here' })
    try {
      for (const { route, parts: wanted } of compiled) {
        const params = request.method === route.method ? match(wanted, parts) : undefined
        if (!params) continue
        label = `${route.method} ${route.path}`
        const body = route.method === 'POST' ? await readJson(request) : undefined
        result = await route.handle({ params, query: url.searchParams, body })
        break
      }
    } catch (error) {
      if (error instanceof BadRequest) result = reply(400, { error: error.message })
      else {
        options.onError?.(error)
        result = reply(500, { error: 'This did not work' })
      }
    }
    const text = typeof result.body === 'string' ? result.body : JSON.stringify(result.body)
    response.writeHead(result.status, { 'content-type': result.contentType ?? 'application/json' }).end(text)
    options.onAnswer?.({ route: label, status: result.status, seconds: (performance.now() - began) / 1000 })
  }
  return createServer((request, response) => void answer(request, response))
}

export function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** Answers what is under way, and lets idle connections go. */
export function close(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve())
    server.closeIdleConnections()
  })
}

function match(wanted: string[], given: string[]): Record<string, string> | undefined {
  if (wanted.length !== given.length) return
  const params: Record<string, string> = {}
  for (const [i, part] of wanted.entries()) {
    const value = given[i] ?? ''
    if (part.startsWith(':') && value !== '') params[part.slice(1)] = decoded(value)
    else if (part !== value) return
  }
  return params
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new BadRequest('The address is malformed')
  }
}

class BadRequest extends Error {}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > BODY_LIMIT) throw new BadRequest('The body is too large')
    chunks.push(chunk)
  }
  if (size === 0) return undefined
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    throw new BadRequest('The body is not JSON')
  }
}
