import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { newId } from '../../../core/ids.ts'
import { withinTime } from '../../../core/time-limit.ts'
import type { Logger } from '../../../infrastructure/logging/index.ts'
import { reasonOf } from '../part/reason.ts'
import type { Settings } from '../settings/port.ts'
import type { Store } from '../store/port.ts'
import { type Auth, createAuth } from './auth.ts'
import { type Actor, roleOf } from './roles.ts'

export type Visitor =
  | { status: 'anonymous' }
  /** Signed in, but the rules give no role. */
  | { status: 'denied'; name: string; email: string }
  | { status: 'admitted'; actor: Actor }
  /** Not known: Postgres is down, and the session was last checked too long ago. */
  | { status: 'unavailable'; reason: string }

export interface Sessions {
  auth(): Promise<Auth>
  /** Who is asking, with the role that the rules give now. */
  visitor(headers: Headers, via: Actor['via']): Promise<Visitor>
  /** Drops the cached session, so that signing out takes effect at once. */
  forget(headers: Headers): void
}

/** How long a session counts as valid without asking Postgres (ms), unless a test needs longer. */
const VALID_FOR_MS = 5_000
const REBUILD_AFTER = 10_000
/** How long a Postgres that did not answer counts as down before it is asked again (ms): a page asks more than once. */
const DOWN_FOR = 1_500
const DEADLINE = 1_800

interface Person {
  id: string
  name: string
  email: string
  emailVerified: boolean
  login?: string | null
}

/** Sessions in Postgres, each cached for five seconds. `visitor` never rejects. */
export function sessions(parts: { settings: Settings; store: Store; logger: Logger; believedMs?: number }): Sessions {
  const { settings, believedMs = VALID_FOR_MS } = parts
  const memo = new LRUCache<string, { at: number; person: Person | null }>({ max: 1_000 })
  /** When someone signed out: a reading that began before then must not be cached. */
  const forgotten = new LRUCache<string, number>({ max: 1_000 })
  let outage: { at: number; reason: string } | undefined
  let built: { auth: Auth; at: number; complete: boolean } | undefined

  /** A provider that was down when the object was made is missing from it, so it is made again from time to time until all are there. */
  async function auth(): Promise<Auth> {
    if (built && (built.complete || Date.now() - built.at < REBUILD_AFTER)) return built.auth
    const issuers = settings.providers.flatMap(provider => (provider.kind === 'oidc' ? [provider.issuer] : []))
    const reachable = await Promise.all(
      issuers.map(issuer =>
        fetch(`${issuer}/.well-known/openid-configuration`, { signal: AbortSignal.timeout(2_000) }).then(
          response => response.ok,
          () => false,
        ),
      ),
    )
    built = { auth: createAuth(parts), at: Date.now(), complete: reachable.every(Boolean) }
    return built.auth
  }

  /** better-auth hides the cause of an error; the store itself reports it. */
  async function causeOf(error: unknown): Promise<string> {
    if (/timed out/.test(String(error))) return 'Postgres does not answer'
    const asked = await withinTime(parts.store.ping(), 500).then(
      () => undefined,
      reason => reasonOf('Postgres', reason),
    )
    return asked ?? 'Postgres failed to read the session'
  }

  const keyOf = (headers: Headers) => {
    const cookie = headers
      .get('cookie')
      ?.split(/;\s*/)
      .find(
        part =>
          part.startsWith(`${settings.cookiePrefix}.session_token=`) ||
          part.startsWith(`__Secure-${settings.cookiePrefix}.session_token=`),
      )
    return cookie && createHash('sha256').update(cookie).digest('base64url')
  }

  return {
    auth,
    forget(headers) {
      const key = keyOf(headers)
      if (!key) return
      forgotten.set(key, performance.now())
      memo.delete(key)
    },
    async visitor(headers, via) {
      const key = keyOf(headers)
      if (!key) return { status: 'anonymous' }
      const known = memo.get(key)
      let person = known?.person
      if (!known || Date.now() - known.at > believedMs) {
        if (outage && Date.now() - outage.at < DOWN_FOR) return { status: 'unavailable', reason: outage.reason }
        const began = performance.now()
        try {
          const session = await withinTime((await auth()).api.getSession({ headers }), DEADLINE)
          outage = undefined
          person = session ? (session.user as Person) : null
          if ((forgotten.get(key) ?? 0) < began) memo.set(key, { at: Date.now(), person })
        } catch (error) {
          outage = { at: Date.now(), reason: await causeOf(error) }
          return { status: 'unavailable', reason: outage.reason }
        }
      }
      if (!person) return { status: 'anonymous' }
      const role = roleOf(settings.access, person)
      if (!role) return { status: 'denied', name: person.name, email: person.email }
      const request = headers.get('x-request-id')?.slice(0, 100) || newId()
      return {
        status: 'admitted',
        actor: { id: person.id, name: person.name || person.email, email: person.email, role, via, request },
      }
    },
  }
}
