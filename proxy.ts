import { type NextRequest, NextResponse } from 'next/server'

/**
 * Writes the Content-Security-Policy with a fresh nonce a request; Next puts the nonce on its own scripts. It grants no access:
 * permission is checked in views and operations.
 */
export function proxy(request: NextRequest) {
  const nonce = btoa(crypto.randomUUID())
  const policy = contentSecurityPolicy(nonce, process.env.NODE_ENV === 'development')
  const headers = new Headers(request.headers)
  headers.set('x-nonce', nonce)
  headers.set('content-security-policy', policy)
  // Where to come back to after signing in: a page does not know its own address.
  headers.set('x-substation-path', request.nextUrl.pathname + request.nextUrl.search)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  return response
}

function contentSecurityPolicy(nonce: string, development: boolean) {
  return [
    "default-src 'self'",
    // React evaluates source text for its development stacks, and only then.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    // Server-rendered style attributes and the toast and scroll-lock libraries' own sheets carry no nonce.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${development ? ' ws:' : ''}`,
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

// A file of public/ has no nonce to carry; a name with one of these endings at the root is no page.
export const config = {
  matcher: [
    {
      source:
        '/((?!api/|[^/]+/queues/board|_next/static|_next/image|[^/]+\\.(?:ico|svg|png|txt|html|js|webmanifest)$).*)',
    },
  ],
}
