import type { Outcome } from '@/lib/console/platform/operation/wire'

/** Asks the REST interface. What went wrong comes back as a refusal with words for people, whatever it was. */
export async function ask<T>(
  path: string,
  init?: RequestInit,
  read = (response: Response): Promise<unknown> => response.json(),
): Promise<Outcome<T>> {
  try {
    const response = await fetch(path, { ...init, headers: { accept: 'application/json', ...init?.headers } })
    const body = (await (response.ok ? read(response) : response.json()).catch(() => undefined)) as
      | { error?: Extract<Outcome<T>, { ok: false }>['error'] }
      | undefined
    if (response.ok && body) return { ok: true, value: body as T }
    if (body?.error) return { ok: false, error: body.error }
    return {
      ok: false,
      error: {
        code: 'internal',
        message: `The console answered with ${response.status}.`,
        nextStep: 'Try again; if it goes on, reload the page.',
      },
    }
  } catch (error) {
    if (init?.signal?.aborted) throw error
    return {
      ok: false,
      error: {
        code: 'unavailable',
        message: 'The console cannot be reached.',
        nextStep: 'Check your connection; the page continues on its own.',
      },
    }
  }
}

export function post<T>(
  path: string,
  body: unknown,
  read?: (response: Response) => Promise<unknown>,
): Promise<Outcome<T>> {
  const headers = { 'content-type': 'application/json' }
  return ask<T>(path, { method: 'POST', headers, body: JSON.stringify(body) }, read)
}
