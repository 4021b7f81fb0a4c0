import type { LookupFunction } from 'node:net'
import type { SecureContextOptions } from 'node:tls'
import type { Policy } from '../resilience/index.ts'

export type HttpMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
export type QueryValue = string | number | boolean | undefined | readonly (string | number | boolean)[]
export type HttpQuery = Readonly<Record<string, QueryValue>>

/** How a client authenticates. A function is called for each attempt, so that a secret may be rotated. */
export type HttpAuth =
  | { kind: 'bearer'; token: string | (() => string | Promise<string>) }
  | { kind: 'basic'; user: string; password: string }
  | { kind: 'api-key'; header: string; key: string }
  | { kind: 'oauth2'; tokens: TokenSource }

/** Access tokens that many callers share. */
export interface TokenSource {
  /** Refreshed once, however many callers wait for it. */
  token(): Promise<string>
  /** Reports a token that the service refused: the next call refreshes it, unless another call has done so. */
  refused(token: string): void
}

export interface HttpClientOptions {
  /** In errors, metrics and reports: `stripe`. */
  name: string
  /** `https://api.example.com/v1`. Paths are below it and cannot leave it. */
  baseUrl: string
  headers?: Readonly<Record<string, string>>
  auth?: HttpAuth
  /** For an attempt, until its answer has been read (ms); 10,000 when absent. */
  timeoutMs?: number
  /** What guards the calls: breaker, retries, limits. A request is repeated only where that cannot have a second effect. */
  policy?: Pick<Policy, 'execute'>
  /** Hosts whose address may be private or loopback; `true` for all. None when absent. */
  allowPrivate?: boolean | readonly string[]
  /**
   * `same-origin` when absent. `any-origin` follows to other hosts without the client's and the request's headers. Only GET and HEAD are redirected; any
   * other redirect rejects.
   */
  redirects?: 'refuse' | 'same-origin' | 'any-origin'
  /** The largest answer that is read whole (bytes, decompressed); 10 MB when absent. A stream has no limit. */
  maxBytes?: number
  /** Header of the idempotency key; `idempotency-key` when absent. */
  idempotencyHeader?: string
  /** Headers that pass the trace on, such as `traceparent`. */
  trace?(): Readonly<Record<string, string>>
  /** What the body of an error says, where it is not in one of the usual places. */
  readError?(answer: { status: number; headers: Headers; body: unknown }): ServiceError
  /** After each attempt. */
  onCall?(call: HttpCall): void
  /** How names are resolved; the system's resolver when absent. */
  lookup?: LookupFunction
  tls?: Pick<SecureContextOptions, 'ca' | 'cert' | 'key' | 'passphrase'>
}

export interface ServiceError {
  code?: string | undefined
  message?: string | undefined
  requestId?: string | undefined
}

/** One attempt, for metrics and logs: without query, headers and bodies. */
export interface HttpCall {
  client: string
  method: HttpMethod
  /** The request's `route`, or its path with what looks like an id replaced by `:id`. */
  route: string
  /** Absent when there was no answer. */
  status?: number
  ms: number
  error?: unknown
}

export interface HttpRequest<T = unknown> {
  query?: HttpQuery
  headers?: Readonly<Record<string, string>>
  /** The path as a pattern, `/orders/:id`, for errors and metrics. */
  route?: string
  /**
   * A string, bytes, a Blob, FormData or URLSearchParams are sent as they are; a stream too, once: a request with a stream is never repeated. Anything
   * else is sent as JSON.
   */
  body?: unknown
  /** The same in each attempt: with it a POST or PATCH may be repeated. */
  idempotencyKey?: string
  /** How the answer is read; `json` when absent. An empty answer is undefined. */
  as?: 'json' | 'text' | 'bytes'
  /** Checks the body: a schema's `parse`. What it throws becomes the cause of an `HTTP_BODY`. */
  parse?(body: unknown): T
  signal?: AbortSignal
  timeoutMs?: number
}

export interface HttpAnswer<T> {
  status: number
  headers: Headers
  body: T
}

type WithoutBody<T> = Omit<HttpRequest<T>, 'body'>

/** Rejects with HttpError, with the reason of the caller's signal, or with what the policy refuses with. An answer below 400 resolves. */
export interface HttpClient {
  readonly name: string
  request<T>(method: HttpMethod, path: string, request?: HttpRequest<T>): Promise<HttpAnswer<T>>
  get<T>(path: string, request?: WithoutBody<T>): Promise<T>
  post<T>(path: string, body?: unknown, request?: WithoutBody<T>): Promise<T>
  put<T>(path: string, body?: unknown, request?: WithoutBody<T>): Promise<T>
  patch<T>(path: string, body?: unknown, request?: WithoutBody<T>): Promise<T>
  delete<T>(path: string, request?: HttpRequest<T>): Promise<T>
  /** GET, with the body as it arrives: its caller reads or cancels it. The timeout ends with the headers, the signal with the body. */
  stream(path: string, request?: WithoutBody<unknown>): Promise<HttpAnswer<ReadableStream<Uint8Array>>>
  /** The items of all pages, each read when the one before is used up. */
  pages<Page, Item>(path: string, options: WithoutBody<Page> & Paging<Page, Item>): AsyncIterable<Item>
  /** Waits for requests under way; later ones reject with `HTTP_CLOSED`. */
  close(): Promise<void>
}

export interface Paging<Page, Item> {
  items(page: Page): readonly Item[]
  /** The query of the next page, which is added to that of the first, or its address; undefined after the last page. */
  next(page: Page, headers: Headers): HttpQuery | string | undefined
}
