import type { Readable } from 'node:stream'
import type { PreparedCall } from './call.ts'
import { HttpError } from './error.ts'
import type { HttpAnswer } from './port.ts'
import { headersOf, type RawAnswer } from './transport.ts'

const decoder = new TextDecoder()

/** The answer with its body read, decoded and checked. */
export async function readAnswer<T>(call: PreparedCall, raw: RawAnswer, maxBytes: number): Promise<HttpAnswer<T>> {
  const bytes = await bytesOf(call, raw, maxBytes)
  return answerOf(raw, parsed<T>(call, raw.statusCode, bytes))
}

/** Headers are made when they are asked for: most callers do not. */
export function answerOf<T>({ statusCode, headers: raw }: Omit<RawAnswer, 'body'>, body: T): HttpAnswer<T> {
  let headers: Headers | undefined
  return {
    status: statusCode,
    get headers() {
      headers ??= headersOf(raw)
      return headers
    },
    body,
  }
}

function parsed<T>(call: PreparedCall, status: number, bytes: Uint8Array): T {
  const { as, parse } = call
  const wrong = (what: string, cause: unknown) =>
    new HttpError(`${call.client} answered ${call.method} ${call.route} with ${status} and ${what}`, {
      code: 'HTTP_BODY',
      status,
      cause,
    })
  let body: unknown
  if (bytes.length > 0)
    try {
      body = as === 'bytes' ? bytes : as === 'text' ? decoder.decode(bytes) : JSON.parse(decoder.decode(bytes))
    } catch {
      // The parser's own words quote the body.
      throw wrong('what is no JSON', undefined)
    }
  if (!parse) return body as T
  try {
    return parse(body) as T
  } catch (cause) {
    throw wrong('a body that is not what is expected', cause)
  }
}

async function bytesOf(call: PreparedCall, { headers, body, statusCode }: RawAnswer, maxBytes: number) {
  const isSaidToBe = Number(headers['content-length'] ?? 0)
  const { bytes, isCut } = isSaidToBe > maxBytes ? { isCut: true } : await upTo(body, maxBytes)
  if (bytes && !isCut) return bytes
  giveUp(body)
  throw new HttpError(`${call.client} answered ${call.method} ${call.route} with more than ${maxBytes} bytes`, {
    code: 'HTTP_BODY',
    status: statusCode,
    nextStep: 'Read it with stream(), or raise maxBytes.',
  })
}

/** At most so much of a body; the rest is given up with its connection. By events: an iterator costs as much as a short request. */
export function upTo(body: Readable, limit: number): Promise<{ bytes: Uint8Array; isCut: boolean }> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = []
    let size = 0
    body.on('error', reject)
    body.on('end', () =>
      resolve({ bytes: chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks), isCut: false }),
    )
    body.on('data', (chunk: Uint8Array) => {
      chunks.push(chunk)
      size += chunk.length
      if (size <= limit) return
      resolve({ bytes: Buffer.concat(chunks).subarray(0, limit), isCut: true })
      giveUp(body)
    })
  })
}

/** Its end is not waited for: the connection is closed. */
export function giveUp(body: Readable): void {
  body.on('error', () => undefined).destroy()
}

/** As a web stream that asks for a chunk when its reader does. Node's own adapter throws when a chunk arrives just after it was cancelled. */
export function streamOf(body: Readable): ReadableStream<Uint8Array> {
  // One that is aborted before anyone reads it must not end the process.
  body.on('error', () => undefined)
  const chunks: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]()
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await chunks.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel: () => giveUp(body),
    },
    { highWaterMark: 0 },
  )
}
