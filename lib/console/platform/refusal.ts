import type { Refusal } from './operation/wire.ts'

const BRAND = Symbol.for('substation.refusal')

/** A known refusal on its way to the user: plain words, the field or cause, the next step. */
export class RefusalError extends Error {
  readonly refusal: Refusal
  readonly [BRAND] = true

  constructor(refusal: Refusal) {
    super(refusal.message)
    this.name = 'RefusalError'
    this.refusal = refusal
  }

  /** By brand, not by class: a bundler may load this module more than once, and each copy has a class of its own. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && BRAND in value
  }
}

const STATUS: Record<Refusal['code'], number> = {
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  invalid: 400,
  preview_required: 428,
  preview_expired: 409,
  set_grew: 409,
  confirmation: 400,
  conflict: 409,
  unavailable: 503,
  internal: 500,
}

/** The HTTP status of a refusal. */
export function statusOf(refusal: Refusal): number {
  return STATUS[refusal.code]
}
