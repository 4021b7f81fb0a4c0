import { Readable } from 'node:stream'
import { HttpError } from './error.ts'

export interface EncodedBody {
  data: string | Uint8Array | Readable | undefined
  contentType?: string
  /** A stream is used up by the first attempt. */
  once?: true
}

const FORMS = [FormData, URLSearchParams, Blob]

/** Forms are encoded by Node, which takes a moment. */
export function encodedBody(body: unknown): EncodedBody | Promise<EncodedBody> {
  if (body === undefined) return { data: undefined }
  if (typeof body === 'string') return { data: body, contentType: 'text/plain; charset=utf-8' }
  if (body instanceof Uint8Array) return { data: body, contentType: 'application/octet-stream' }
  if (FORMS.some(form => body instanceof form)) return encodedForm(body as FormData)
  if (body instanceof Readable) return { data: body, contentType: 'application/octet-stream', once: true }
  if (body instanceof ReadableStream)
    return { data: Readable.from(body), contentType: 'application/octet-stream', once: true }
  return { data: jsonOf(body), contentType: 'application/json' }
}

async function encodedForm(form: FormData | URLSearchParams | Blob): Promise<EncodedBody> {
  const encoded = new Response(form)
  return {
    data: await encoded.bytes(),
    contentType: encoded.headers.get('content-type') ?? 'application/octet-stream',
  }
}

function jsonOf(body: unknown): string {
  try {
    const text = JSON.stringify(body)
    if (text !== undefined) return text
  } catch (cause) {
    throw new HttpError('The body cannot be written as JSON', { code: 'HTTP_OPTIONS', notDone: true, cause })
  }
  throw new HttpError('The body cannot be written as JSON', { code: 'HTTP_OPTIONS', notDone: true })
}
