import { InfrastructureError, messageOf } from 'substation/core'

/** What a third party answered when it did not do what was asked. */
export class ProviderError extends InfrastructureError {
  override readonly code = 'PROVIDER_REFUSED'
  readonly status: number
  constructor(message: string, status: number) {
    super(message, { retryable: status >= 500 })
    this.status = status
  }
}

/** There was no answer at all. */
class UnreachableError extends InfrastructureError {
  override readonly code = 'PROVIDER_UNREACHABLE'
}

/** A JSON call; rejects with ProviderError for an answer that is no success, with UnreachableError without an answer. */
export async function callJson<T>(url: string, options: { signal?: AbortSignal; send?: unknown } = {}): Promise<T> {
  const { signal, send } = options
  const sending =
    send === undefined
      ? {}
      : { method: 'POST', body: JSON.stringify(send), headers: { 'content-type': 'application/json' } }
  const [response, text] = await exchange(url, { signal, ...sending })
  if (response.ok) return JSON.parse(text) as T
  throw new ProviderError(explanation(text) ?? `answered ${response.status}`, response.status)
}

async function exchange(url: string, init: RequestInit): Promise<[Response, string]> {
  try {
    const response = await fetch(url, init)
    return [response, await response.text()]
  } catch (cause) {
    if (init.signal?.aborted) throw cause
    // fetch says no more than that it failed; why stands in its cause.
    const why = cause instanceof Error && cause.cause ? messageOf(cause.cause) : messageOf(cause)
    throw new UnreachableError(`no answer from ${new URL(url).host}: ${why}`, { cause, retryable: true })
  }
}

function explanation(text: string): string | undefined {
  try {
    const { error } = JSON.parse(text) as { error?: unknown }
    return typeof error === 'string' ? error : undefined
  } catch {
    return
  }
}
