const HIDDEN = '[secret]'
/** Shared by every copy of this module, so that a secret is recognised across bundles. */
const BRAND = Symbol.for('substation.secret')

/** A value that cannot be printed by accident: only `reveal()` returns it, everything else shows `[secret]`. */
export class Secret {
  readonly [BRAND] = true
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The value itself; call this only where it is passed to an SDK. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return HIDDEN
  }

  toJSON(): string {
    return HIDDEN
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return HIDDEN
  }
}

/** True for a Secret, also one that another copy of this module made. */
export function isSecret(value: unknown): value is Secret {
  return typeof value === 'object' && value !== null && BRAND in value
}

/** The same text with `***` for the password of every URL in it: `redis://app:***@host:6379`. */
export function maskUrl(text: string): string {
  // Up to the last @ before a slash, a quote or a space: a password with an @ in it is hidden whole.
  return text.replace(/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@'"]*):[^\s/'"]*@/gi, '$1:***@')
}
