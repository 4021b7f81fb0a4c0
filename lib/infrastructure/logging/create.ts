import { loadAdapter } from '../../core/load-adapter.ts'
import type { LoggingConfig } from './config.ts'
import type { LogContext, Logger } from './port.ts'

/** The process's root logger. `context` goes on every line, e.g. `{ service: 'checkout' }`. */
export async function createLogger(config: LoggingConfig, context?: LogContext): Promise<Logger> {
  switch (config.format ?? (process.stdout.isTTY ? 'text' : 'json')) {
    case 'json':
      return (await loadAdapter('Logging as JSON', () => import('./adapters/pino.ts'))).pinoLogger({
        level: config.level,
        context,
      })
    case 'text':
      return (await import('./adapters/console.ts')).consoleLogger({ level: config.level, context })
  }
}
