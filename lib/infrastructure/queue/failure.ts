import { createHash } from 'node:crypto'

/** What kind of failure made a job a dead letter. */
export interface Failure {
  /** The same for dead letters of one kind, whichever ids, numbers and times are in their messages: 16 hexadecimal digits. */
  fingerprint: string
  /** Class of the error, from its stack: `TypeError`. */
  class?: string
  /** Code of the error, from its stack or its message: `ECONNREFUSED`, `HTTP 502`. */
  code?: string
  /** The message with what differs from job to job replaced: `order <n> of <email> was refused`. */
  pattern: string
  /** Function and file of the first frame that is neither Node's nor a dependency's, without line and column: `send mail/send.js`. */
  frame?: string
}

/** Of a message so much is compared, before and after what differs is replaced. */
const READ = 4_096
const COMPARED = 500
/** Lines of a stack in which the first own frame is looked for. */
const FRAMES = 40

/**
 * The kind of a dead letter's failure, from the name of the job, the message of its last error and the stack of that attempt.
 *
 * Two failures are of one kind when job name, class, code, message and first own frame agree. In the message URLs, email addresses,
 * UUIDs and other ids, hexadecimal digits, quoted values and numbers count as equal; of the frame its line and column, the
 * folders above the last one, and the hash of a bundle are left out, so that a new release of the same code does not make a new kind.
 * An HTTP status is a code, so that 404 and 502 are different kinds.
 */
export function failureOf(job: { name: string; error: string; stack?: string | undefined }): Failure {
  const error = job.error.slice(0, READ)
  const stack = job.stack ?? ''
  const header = headerOf(stack, error)
  // A code within an address or a quoted value belongs to that.
  const bare = withoutValues(error)
  const code = header.code ?? codeIn(bare)
  const pattern = patternOf(bare)
  const frame = firstOwnFrame(stack)
  const identity = JSON.stringify([job.name, header.class ?? '', code ?? '', pattern, frame ?? ''])
  return {
    fingerprint: createHash('sha256').update(identity).digest('hex').slice(0, 16),
    ...(header.class ? { class: header.class } : {}),
    ...(code ? { code } : {}),
    pattern,
    ...(frame ? { frame } : {}),
  }
}

/** The same of a dead letter as a queue lists it. */
export function failureKind(
  name: string,
  error: string,
  stacks: readonly string[],
): Pick<Failure, 'class' | 'code' | 'fingerprint'> {
  const { pattern: _pattern, frame: _frame, ...kind } = failureOf({ name, error, stack: stacks.at(-1) })
  return kind
}

const HEADER = /^(?:Uncaught )?(\p{Lu}[\w$.]*)(?: \[([\w.-]{1,80})\])?(?:: |$)/u

/** Class and code as V8 writes them at the top of a stack: `TypeError [ERR_INVALID_ARG_TYPE]: …`. */
function headerOf(stack: string, error: string): { class?: string; code?: string } {
  const line = firstLine(stack.slice(0, READ))
  const [all = '', name, code] = HEADER.exec(line) ?? []
  if (name === undefined) return {}
  // A thrown text may begin with a word and a colon too: then it is not followed by the whole message.
  const isClass = /(?:Error|Exception)$/.test(name) || line.slice(all.length) === firstLine(error)
  return isClass ? { class: name.slice(0, 120), ...(code ? { code } : {}) } : {}
}

const firstLine = (text: string) => text.split('\n', 1).join()

const STATUS = /\b(?:status(?: code)?|HTTP(?:\/\d(?:\.\d)?)?)\s*[:=]?\s*([1-5]\d\d)\b/i
const CODE = /\b(?:E[A-Z]{3,}|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b/

function codeIn(bare: string): string | undefined {
  const status = STATUS.exec(bare)?.[1]
  return status ? `HTTP ${status}` : CODE.exec(bare)?.[0].slice(0, 80)
}

const URL_LIKE = /\b[a-z][a-z0-9+.-]*:\/\/[^\s"'`<>)\]]+/gi
const EMAIL = /[^\s"'`<>()@:,;]+@[\p{L}\p{N}][\p{L}\p{N}-]*(?:\.[\p{L}\p{N}-]+)+/gu
const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi
/** An apostrophe within a word does not quote: `don't`. */
const QUOTED = /"[^"\n]*"|`[^`\n]*`|(?<![\p{L}\p{N}])'[^'\n]*'(?![\p{L}\p{N}])/gu
const WORD = /[\p{L}\p{N}_-]+/gu

const withoutValues = (error: string) =>
  error.replace(QUOTED, '<text>').replace(URL_LIKE, '<url>').replace(EMAIL, '<email>').replace(UUID, '<id>')

/** What is left of a message once ids and numbers are replaced too. */
function patternOf(bare: string): string {
  return bare
    .replace(WORD, plainWord)
    .replace(/<n>(?:[.,:]<n>)+/g, '<n>')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, COMPARED)
}

function plainWord(word: string): string {
  if (!/\d/.test(word)) return word
  if (/^(?:0x)?[0-9a-f]{8,}$/i.test(word) && /[a-f]/i.test(word)) return '<id>'
  // Letters and digits mixed are an id (`9s8df`), digits at one place of a word are a number (`order-12`).
  const runs = [...word.matchAll(/\d+/g)].length
  return runs > 1 && /[\p{L}]/u.test(word) ? '<id>' : word.replace(/-?\d+/g, '<n>')
}

const FRAME = /^\s*at (?:async )?(?:(.+?) \()?((?:file:\/\/)?[^()]+?):\d+:\d+\)?$/

function firstOwnFrame(stack: string): string | undefined {
  for (const line of stack.split('\n', FRAMES)) {
    const [, name, place] = FRAME.exec(line) ?? []
    if (place === undefined || /^node:|^internal\/|[\\/]node_modules[\\/]|<anonymous>/.test(place)) continue
    const file = place
      .replace(/[?#].*$/, '')
      .split(/[\\/]/)
      .slice(-2)
      .map(withoutHash)
      .join('/')
    return `${name ?? ''} ${file}`.trim().slice(0, 200)
  }
  return undefined
}

/** `mail-4f3a9c1b.js` is `mail.js`; a folder of releases is the same for all of them. */
const withoutHash = (part: string) => part.replace(/[-.](?=[\w-]*\d)[\w-]{6,}(?=\.\w+$)/, '').replace(/\d+/g, '<n>')
