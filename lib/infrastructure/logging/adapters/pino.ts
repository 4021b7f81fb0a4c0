import { pino } from 'pino'
import type { Clock } from '../../../core/clock.ts'
import { loggerFamily } from '../family.ts'
import type { LogContext, Logger, LogThreshold } from '../port.ts'

export interface PinoLoggerOptions {
  level: LogThreshold
  /** On every line, e.g. `{ service: 'checkout' }`. */
  context?: LogContext
  /** Called with each JSON line and its line end; standard output when absent. */
  write?: (line: string) => void
  clock?: Clock
}

/** One JSON object a line, written by pino: `{level, time, message, …context}`, `time` in ISO 8601. */
export function pinoLogger({ level, context, write, clock }: PinoLoggerOptions): Logger {
  const root = pino(
    {
      // The family decides about levels; pino writes everything it gets.
      level: 'trace',
      base: null,
      messageKey: 'message',
      // The line has its own time, so that a test's clock works here too.
      timestamp: false,
      formatters: { level: label => ({ level: label }) },
    },
    write ? { write } : pino.destination({ fd: 1, sync: true }),
  )
  // pino serialises the bindings of a child once, which makes it fast: so each logger of ours keeps one child.
  const children = new WeakMap<object, pino.Logger>()
  return loggerFamily({
    level,
    context,
    clock,
    write(line, inherited) {
      const time = new Date(line.at).toISOString()
      // Collectors read JSON with a duplicate key differently: the line's own value wins over the child's.
      if (Object.keys(line.context).some(key => Object.hasOwn(inherited, key))) {
        root[line.level]({ time, ...inherited, ...line.context }, line.message)
        return
      }
      let logger = children.get(inherited)
      if (!logger) {
        logger = root.child(inherited)
        children.set(inherited, logger)
      }
      logger[line.level]({ time, ...line.context }, line.message)
    },
  })
}
