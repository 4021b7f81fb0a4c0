import { styleText } from 'node:util'
import type { Clock } from '../../../core/clock.ts'
import { loggerFamily } from '../family.ts'
import type { LogContext, Logger, LogLevel, LogThreshold } from '../port.ts'

export interface ConsoleLoggerOptions {
  level: LogThreshold
  context?: LogContext
  /** Called with each entry and its line end; standard output when absent. */
  write?: (text: string) => void
  /** Absent: colours where standard output is a terminal. */
  colours?: boolean
  clock?: Clock
}

const COLOUR = { trace: 'gray', debug: 'gray', info: 'cyan', warn: 'yellow', error: 'red', fatal: 'magenta' } as const

/** Lines for people: `12:04:31.120 WARN  cache is slow  cache=catalog ms=41`, with errors and their causes below. */
export function consoleLogger(options: ConsoleLoggerOptions): Logger {
  const { level, context, clock, write = text => void process.stdout.write(text) } = options
  const colours = options.colours ?? process.stdout.isTTY === true
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    colours ? styleText(style, text, { validateStream: false }) : text
  const label = (name: LogLevel) => paint(COLOUR[name], name.toUpperCase().padEnd(5))
  return loggerFamily({
    level,
    context,
    clock,
    write(line, inherited) {
      const facts: string[] = []
      const errors: string[] = []
      for (const [key, value] of Object.entries({ ...inherited, ...line.context })) {
        if (isErrorData(value)) errors.push(...errorLines(key, value))
        else facts.push(`${paint('gray', `${key}=`)}${inline(value)}`)
      }
      const time = paint('gray', new Date(line.at).toISOString().slice(11, 23))
      const head = [time, label(line.level), oneLine(line.message)].join(' ')
      const first = facts.length > 0 ? `${head}  ${facts.join(' ')}` : head
      write([first, ...errors.map(text => paint('red', text))].map(text => `${text}\n`).join(''))
    },
  })
}

interface ErrorData {
  type: string
  message: string
  stack: string
  cause?: unknown
  errors?: unknown[]
}

function isErrorData(value: unknown): value is ErrorData {
  if (typeof value !== 'object' || value === null) return false
  const { type, message, stack } = value as Record<string, unknown>
  // Data of a service may have such keys too, with anything in them.
  return [type, message, stack].every(part => typeof part === 'string')
}

function errorLines(name: string, error: unknown, depth = 1): string[] {
  const indent = '  '.repeat(depth)
  if (!isErrorData(error)) return [`${indent}${name}: ${inline(error)}`]
  const { type, message, stack, cause, errors, ...rest } = error
  const facts = Object.keys(rest).length > 0 ? `  ${inline(rest)}` : ''
  const frames = stack.split('\n').filter(line => /^\s+at /.test(line))
  return [
    `${indent}${name}: ${type}: ${oneLine(message)}${facts}`,
    ...frames.map(frame => `${indent}  ${oneLine(frame.trim())}`),
    ...(errors ?? []).flatMap(inner => errorLines('one of', inner, depth + 1)),
    ...(cause === undefined ? [] : errorLines('caused by', cause, depth)),
  ]
}

function inline(value: unknown): string {
  return typeof value === 'string' && /^[^\s"=]+$/.test(value) ? oneLine(value) : oneLine(JSON.stringify(value))
}

/** Without control characters: a message must not forge a second line or colour the terminal. */
function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, found => JSON.stringify(found).slice(1, -1))
}
