import { z } from 'zod'
import { defineSlice } from '../config/index.ts'
import { LOG_LEVELS, type LogThreshold } from './port.ts'

export interface LoggingConfig {
  level: LogThreshold
  /** Absent: text on a terminal, JSON elsewhere. */
  format?: 'json' | 'text'
}

export const loggingConfig = defineSlice(
  {
    SUBSTATION_LOG_LEVEL: z
      .enum([...LOG_LEVELS, 'silent'])
      .default('info')
      .describe('the least severe messages that are logged'),
    SUBSTATION_LOG_FORMAT: z
      .enum(['json', 'text'])
      .optional()
      .describe('json lines for collectors or text for people; absent: text on a terminal, json elsewhere'),
  },
  (env): LoggingConfig => ({ level: env.SUBSTATION_LOG_LEVEL, format: env.SUBSTATION_LOG_FORMAT }),
)
