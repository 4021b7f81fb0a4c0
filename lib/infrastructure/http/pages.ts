import { HttpError } from './error.ts'
import type { HttpClient, HttpQuery, HttpRequest, Paging } from './port.ts'

type Options<Page, Item> = HttpRequest<Page> & Paging<Page, Item>

/** The items of all pages. Rejects for a page that names itself, or one before it, as the next: that would never end. */
export async function* pagesOf<Page, Item>(
  request: HttpClient['request'],
  path: string,
  { items, next, ...options }: Options<Page, Item>,
): AsyncGenerator<Item, void, undefined> {
  const seen = new Set<string>()
  let at: { path: string; query?: HttpQuery | undefined } = { path, query: options.query }
  for (;;) {
    const place = JSON.stringify(at)
    if (seen.has(place))
      throw new HttpError('The pages are endless: one names an earlier one as the next', { code: 'HTTP_BODY' })
    seen.add(place)
    const { body, headers } = await request<Page>('GET', at.path, { ...options, query: at.query ?? {} })
    yield* items(body)
    const following = next(body, headers)
    if (following === undefined) return
    at = typeof following === 'string' ? { path: following } : { path, query: { ...options.query, ...following } }
  }
}

/** The address of the next page in a `Link` header (RFC 8288), as `next` of `pages` answers it. */
export function nextLink(headers: Headers): string | undefined {
  const links = headers.get('link')?.matchAll(/<([^>]*)>([^<]*)/g) ?? []
  for (const [, address, parameters = ''] of links) if (/;\s*rel="?[^";]*\bnext\b/i.test(parameters)) return address
  return undefined
}
