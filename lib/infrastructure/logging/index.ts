export { type LoggingConfig, loggingConfig } from './config.ts'
export { createLogger } from './create.ts'
export { loggerFamily, type WriteLine } from './family.ts'
export { type Plain, toPlain } from './plain.ts'
export {
  LOG_LEVELS,
  type LogContext,
  type Logger,
  type LogLevel,
  type LogLine,
  type LogMethod,
  type LogThreshold,
} from './port.ts'
export { HIDDEN, hides, maskText, SECRET_KEY } from './redact.ts'
