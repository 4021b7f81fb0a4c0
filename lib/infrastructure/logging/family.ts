import { type Clock, systemClock } from '../../core/clock.ts'
import { toPlain, toPlainContext } from './plain.ts'
import type { Logger, LogLevel, LogLine, LogThreshold } from './port.ts'

/** What an adapter does: writes one line. `inherited` is the same object for every line of one logger. */
export type WriteLine = (line: LogLine, inherited: Record<string, unknown>) => void

const RANK: Record<LogThreshold, number> = { trace: 0, debug: 1, info: 2, warn: 3, error: 4, fatal: 5, silent: 6 }

/** A root logger on top of a writer: levels, children and redaction, the same for every adapter. */
export function loggerFamily(options: {
  level: LogThreshold
  write: WriteLine
  context?: object
  clock?: Clock
}): Logger {
  const { write, clock = systemClock } = options
  // Shared by the whole family, so that children follow.
  let threshold = options.level

  function member(inherited: Record<string, unknown>): Logger {
    const method = (level: LogLevel) => (message: string, context?: object) => {
      if (RANK[level] < RANK[threshold]) return
      const own = context ? toPlainContext(context) : {}
      try {
        write({ level, at: clock.now(), message: String(toPlain(message)), context: own }, inherited)
      } catch {
        // A full disk or a closed pipe must not fail the request that logged.
      }
    }
    return {
      get level() {
        return threshold
      },
      setLevel(level) {
        threshold = level
      },
      isEnabled: level => RANK[level] >= RANK[threshold],
      trace: method('trace'),
      debug: method('debug'),
      info: method('info'),
      warn: method('warn'),
      error: method('error'),
      fatal: method('fatal'),
      child: context => member({ ...inherited, ...toPlainContext(context) }),
    }
  }
  return member(toPlainContext(options.context ?? {}))
}
