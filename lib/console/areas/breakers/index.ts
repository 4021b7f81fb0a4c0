export { type BreakerInstance, breakersOf } from './collect.ts'
export { type BreakerGroup, gravityOf, groupBreakers } from './group.ts'
export { type GroupStats, groupStats } from './group-stats.ts'
