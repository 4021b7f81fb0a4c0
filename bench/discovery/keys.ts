import { measureFinding } from './finding.ts'

/** What a script should not do. */
measureFinding(async redis => (await redis.keys('*:meta')).length)
