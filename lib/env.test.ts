import { expect, test } from 'vitest'
import { loadConfig } from './env.ts'
import { ConfigError } from './infrastructure/config/index.ts'

test('the problems of all slices come in one error', () => {
  const variables = {
    SUBSTATION_DATABASE_URL: 'mysql://x',
    SUBSTATION_LOG_LEVEL: 'loud',
    SUBSTATION_HEALTH_INTERVAL: 'often',
  }
  const load = () => loadConfig(variables)
  expect(load).toThrow(ConfigError)
  for (const variable of [...Object.keys(variables), 'SUBSTATION_REDIS_URL is missing']) expect(load).toThrow(variable)
})
