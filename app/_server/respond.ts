import { requireActor } from '@/lib/console/platform/access/require-actor'
import type { Actor } from '@/lib/console/platform/access/roles'
import type { Refusal } from '@/lib/console/platform/operation/wire'
import { RefusalError, statusOf } from '@/lib/console/platform/refusal'
import { newId } from '@/lib/core/ids'
import { type Running, running } from './boot'

const BODY_LIMIT = 64 * 1024
const AS_OBJECT = 'Send a JSON object, as /api/v1/openapi.json describes it.'

/** Answers a request of the REST interface: finds out who asks, and turns what is thrown into a status and a plain sentence. */
export async function respond(
  request: Request,
  act: (actor: Actor, running: Running) => Promise<unknown>,
): Promise<Response> {
  const state = await running()
  try {
    const actor = await actorOf(request, state)
    const answer = await act(actor, state)
    return answer instanceof Response ? answer : json(200, answer)
  } catch (error) {
    if (error instanceof RefusalError) return json(statusOf(error.refusal), { error: error.refusal })
    const errorId = newId()
    state.logger.error('a request failed', { error, errorId, path: new URL(request.url).pathname })
    const refusal: Refusal = {
      code: 'internal',
      message: 'Something went wrong that Substation did not expect.',
      nextStep: `It is in the console's log under ${errorId}.`,
      errorId,
    }
    return json(500, { error: refusal })
  }
}

export async function actorOf(request: Request, { sessions }: Running): Promise<Actor> {
  // Set by browsers alone: an abort pressed on a page is not an act over REST.
  const via = request.headers.get('sec-fetch-site') === 'same-origin' ? 'console' : 'api'
  return requireActor(await sessions.visitor(request.headers, via), { acts: request.method !== 'GET' })
}

/** The JSON body of an act. Refuses what a foreign page could make a browser send. */
export async function bodyOf(request: Request, { console }: Running): Promise<Record<string, unknown>> {
  const origin = request.headers.get('origin')
  if (origin !== null && origin !== new URL(console.settings.url).origin)
    throw new RefusalError({
      code: 'forbidden',
      message: 'The request came from another site.',
      nextStep: 'Send it from a page of this console, or from a program that sends no Origin.',
    })
  if (!request.headers.get('content-type')?.startsWith('application/json'))
    throw new RefusalError({
      code: 'invalid',
      message: 'The body must be JSON.',
      nextStep: AS_OBJECT,
      fields: { 'content-type': 'must be application/json' },
    })
  const text = await readLimited(request)
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw new RefusalError({ code: 'invalid', message: 'The body is not valid JSON.', nextStep: AS_OBJECT })
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new RefusalError({ code: 'invalid', message: 'The body is not a JSON object.', nextStep: AS_OBJECT })
  return body as Record<string, unknown>
}

async function readLimited(request: Request): Promise<string> {
  const reader = request.body?.getReader()
  if (!reader) return ''
  const chunks: Uint8Array[] = []
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    bytes += value.byteLength
    if (bytes > BODY_LIMIT) {
      await reader.cancel()
      throw new RefusalError({
        code: 'invalid',
        message: 'The body is larger than 64 KB.',
        nextStep: 'Name fewer things in one act, or choose them by a filter.',
      })
    }
    chunks.push(value)
  }
  return Buffer.concat(chunks).toString()
}

export function json(status: number, body: unknown): Response {
  return Response.json(body, { status, headers: { 'cache-control': 'no-store' } })
}
