import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { RefusalError } from '../refusal.ts'
import type { Affected } from './wire.ts'

const VALID_FOR = 5 * 60_000
/** A set that grew by more than this share since it was seen is not what was confirmed. */
const GROWTH = 0.1

const Claims = z.object({
  op: z.string(),
  input: z.string(),
  actor: z.string(),
  env: z.string(),
  count: z.number().optional(),
  set: z.string().optional(),
  exp: z.number(),
})

interface Bound {
  operation: string
  /** Without the reason: it may be written after the preview, and does not change what is done. */
  input: unknown
  actor: string
  environment: string
}

/** The facts of a preview that must still hold when it is acted on. */
interface Seen {
  affected: Affected
  fingerprint?: string
}

/** Proof of a preview: nothing is stored, the claims are signed. */
export function issueToken(
  secret: string,
  bound: Bound,
  { affected, fingerprint }: Seen,
  now = Date.now(),
): { token: string; expiresAt: number } {
  const expiresAt = now + VALID_FOR
  const claims = {
    op: bound.operation,
    input: digest(bound.input),
    actor: bound.actor,
    env: bound.environment,
    count: affected.count,
    set: fingerprint,
    exp: expiresAt,
  }
  const body = Buffer.from(JSON.stringify(claims)).toString('base64url')
  return { token: `${body}.${mac(secret, body)}`, expiresAt }
}

/** Refuses a token that is not ours, is for something else, has expired, or whose set has grown since. */
export function checkToken(
  secret: string,
  token: string,
  bound: Bound,
  { affected, fingerprint }: Seen,
  now = Date.now(),
): void {
  const [body = '', signature = ''] = token.split('.')
  const expected = Buffer.from(mac(secret, body))
  const given = Buffer.from(signature)
  const genuine = expected.length === given.length && timingSafeEqual(expected, given)
  const claims = genuine ? Claims.safeParse(JSON.parse(Buffer.from(body, 'base64url').toString())) : undefined
  if (!claims?.success)
    throw new RefusalError({
      code: 'preview_required',
      message: 'The preview token is not valid: this console did not sign it.',
      nextStep: 'Request a preview and send its token.',
      fields: { token: 'is not a preview token' },
    })
  const { op, input, actor, env, count, set, exp } = claims.data
  if (op !== bound.operation || env !== bound.environment || actor !== bound.actor || input !== digest(bound.input)) {
    throw new RefusalError({
      code: 'preview_required',
      message: 'The preview token belongs to another act.',
      nextStep: 'Request a preview of this act and send its token.',
      fields: { token: 'belongs to another act' },
    })
  }
  if (exp <= now)
    throw new RefusalError({
      code: 'preview_expired',
      message: 'The preview is older than five minutes.',
      nextStep: 'Request a new preview.',
    })
  if (set !== fingerprint)
    throw new RefusalError({
      code: 'set_grew',
      message: 'What this would do has changed since the preview.',
      nextStep: 'Check the new preview.',
    })
  if (count !== undefined && affected.count !== undefined && affected.count > count * (1 + GROWTH)) {
    throw new RefusalError({
      code: 'set_grew',
      message: `This would now affect ${affected.count} ${affected.noun}; the preview said ${count}.`,
      nextStep: 'Check the new preview.',
    })
  }
}

function mac(secret: string, body: string): string {
  return createHmac('sha256', secret).update(`preview:${body}`).digest('base64url')
}

function digest(input: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(ordered(withoutReason(input))))
    .digest('base64url')
}

function withoutReason(input: unknown): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input
  const { reason: _reason, ...effect } = input as { reason?: unknown }
  return effect
}

/** Keys in one order, so that the same input always has the same digest. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, ordered(inner)]),
  )
}
