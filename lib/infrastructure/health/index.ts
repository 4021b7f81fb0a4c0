export { cpuCheck } from './checks/cpu.ts'
export { diskCheck } from './checks/disk.ts'
export { eventLoopCheck } from './checks/event-loop.ts'
export { memoryCheck } from './checks/memory.ts'
export { databaseCheck, type PingOptions, redisCheck } from './checks/ping.ts'
export { type HealthConfig, healthConfig } from './config.ts'
export {
  type Health,
  type HealthCheck,
  HealthCheckExistsError,
  type HealthCheckOptions,
  type HealthReport,
  type HealthResult,
  type HealthStatus,
  type Liveness,
  type Readiness,
} from './port.ts'
export { createHealth, type HealthOptions } from './registry.ts'
