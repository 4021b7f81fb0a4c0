import { codeOf, cut } from './error-text.ts'

const LONGEST_NAME = 80
/** Classes that breakers share; of further ones each breaker has its own. */
const SHARED_CLASSES = 1_000
/** Bytes of all messages that are kept as they are, and what is kept of each message beyond that. */
const WHOLE_MESSAGES = 2_000_000
const SHORT_MESSAGE = 56

/** An error's name, and its `code` where it has one. */
export interface ErrorClass {
  readonly name: string
  readonly code: string | undefined
}

/**
 * The texts that the breakers of a registry keep of their failures. Classes are shared, and messages are cut once thousands of
 * breakers have them: with ten thousand that fail in eight ways they would take more memory than all else.
 */
export class FailureTexts {
  readonly #classes = new Map<string, ErrorClass>()
  #bytes = 0

  /** The shared one that is equal. */
  share(found: ErrorClass): ErrorClass {
    const key = JSON.stringify([found.name, found.code])
    const known = this.#classes.get(key)
    if (known !== undefined) return known
    if (this.#classes.size < SHARED_CLASSES) this.#classes.set(key, found)
    return found
  }

  /** What to keep of a message, in place of one that is not kept any more. */
  keep(text: string, instead: string | undefined): string {
    if (text === instead) return instead
    if (instead !== undefined) this.release(instead)
    const bytes = bytesOf(text)
    const kept = this.#bytes + bytes > WHOLE_MESSAGES ? cut(text, (SHORT_MESSAGE * text.length) / bytes) : whole(text)
    this.#bytes += bytesOf(kept)
    return kept
  }

  release(text: string): void {
    this.#bytes -= bytesOf(text)
  }
}

export function errorClass(error: unknown): ErrorClass {
  if (!(error instanceof Error)) return { name: typeof error, code: undefined }
  const code = codeOf(error)
  return { name: cut(String(error.name), LONGEST_NAME), code: code === undefined ? undefined : cut(code, LONGEST_NAME) }
}

/** A string takes two bytes a character as soon as one of them is not Latin; counted so from the first that is not ASCII. */
function bytesOf(text: string): number {
  return Buffer.byteLength(text) === text.length ? text.length : 2 * text.length
}

/** Makes one string of a text that was put together from parts, which would otherwise stay in memory as such. */
function whole(text: string): string {
  text.charCodeAt(0)
  return text
}
