import { HttpError } from './error.ts'
import type { HttpQuery } from './port.ts'

/** `..` in any spelling that a server may decode. */
const PARENT = /(^|\/|\\|%2f|%5c)(\.|%2e){2}(\/|\\|%2f|%5c|$)/i

/** A path below the base, or a whole address there, with its query. Throws for one that would leave it. */
export function addressOf(base: URL, path: string, query?: HttpQuery): URL {
  const isWhole = /^https?:\/\//i.test(path)
  // `./`, so that `users:batch` is not read as a scheme.
  const relative = isWhole ? path : `./${path.replace(/^\/+/, '')}`
  const url = parsedUrl(relative, base)
  if (url?.origin !== base.origin || !url.pathname.startsWith(base.pathname) || PARENT.test(url.pathname))
    throw new HttpError('The path leads out of the address of the service', { code: 'HTTP_OPTIONS', notDone: true })
  if (url.username || url.password)
    throw new HttpError('An address has no user or password', { code: 'HTTP_OPTIONS', notDone: true })
  if (!query) return url
  for (const [name, value] of Object.entries(query)) {
    const values = Array.isArray(value) ? value : [value]
    for (const each of values) if (each !== undefined) url.searchParams.append(name, String(each))
  }
  return url
}

export function parsedUrl(address: string, base: URL): URL | undefined {
  try {
    return new URL(address, base)
  } catch {
    return undefined
  }
}

export function baseOf(name: string, address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:')
    throw new HttpError(`The address of ${name} must begin with https:// or http://`, { code: 'HTTP_OPTIONS' })
  if (url.username || url.password || url.search || url.hash)
    throw new HttpError(`The address of ${name} must have no user, query or fragment`, { code: 'HTTP_OPTIONS' })
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return url
}

/** Segments with a digit, or long ones, are ids or secrets; `v1` is neither. */
const ID = /^(?!v\d{1,3}$)(?=.*\d).+|.{25,}/

/** The path as a pattern: few, and without what must not be shown. */
export function routeOf(path: string): string {
  const [plain = ''] = path.replace(/^https?:\/\/[^/]*/i, '').split(/[?#]/, 1)
  const segments = plain.split('/').filter(segment => segment !== '')
  return `/${segments.map(segment => (ID.test(segment) ? ':id' : segment)).join('/')}`
}
