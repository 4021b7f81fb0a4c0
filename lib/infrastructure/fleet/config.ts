import { z } from 'zod'
import { defineSlice, field } from '../config/index.ts'
import { ENVIRONMENT_NAME } from './protocol/keys.ts'

/** What a service needs to join the fleet. */
export const fleetConfig = defineSlice(
  {
    SUBSTATION_REDIS_URL: field.url('redis', 'rediss').describe('the Redis in which processes register'),
    SUBSTATION_ENVIRONMENT: z
      .string()
      .regex(ENVIRONMENT_NAME, 'must be lower-case letters, digits and dashes, 40 at most')
      .default('production')
      .describe('the environment this process belongs to'),
    SUBSTATION_FLEET_KEY: field
      .secret({ minLength: 32 })
      .optional()
      .describe('shared secret that signs commands; without it a process obeys no command'),
    SUBSTATION_SERVICE: z.string().max(300).optional().describe('name of this service'),
    SUBSTATION_INSTANCE: z
      .string()
      .max(300)
      .optional()
      .describe('name of this instance, such as checkout-1; a successor keeps it'),
    SUBSTATION_VERSION: z.string().max(300).optional().describe('version of this service'),
    SUBSTATION_COMMIT: z.string().max(300).optional().describe('commit it was built from'),
  },
  parsed => ({
    redisUrl: parsed.SUBSTATION_REDIS_URL,
    environment: parsed.SUBSTATION_ENVIRONMENT,
    key: parsed.SUBSTATION_FLEET_KEY?.reveal(),
    service: parsed.SUBSTATION_SERVICE,
    instance: parsed.SUBSTATION_INSTANCE,
    version: parsed.SUBSTATION_VERSION,
    commit: parsed.SUBSTATION_COMMIT,
  }),
)
