import type { Readable } from 'node:stream'
import type { HttpMethod } from './port.ts'

export type RawHeaders = Record<string, string | string[] | undefined>

export interface RawAnswer {
  statusCode: number
  headers: RawHeaders
  /** Decompressed. */
  body: Readable
}

export interface RawRequest {
  origin: string
  /** With its query. */
  path: string
  method: HttpMethod
  headers: Record<string, string>
  body: string | Uint8Array | Readable | undefined
  signal: AbortSignal
}

/** Sends a request and rejects with the package's own errors, or with HttpError for a private address. It follows no redirect. */
export interface Transport {
  send(request: RawRequest): Promise<RawAnswer>
  close(): Promise<void>
}

export function headersOf(raw: RawHeaders): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(raw))
    for (const each of Array.isArray(value) ? value : [value]) if (each !== undefined) headers.append(name, each)
  return headers
}
