import { measureFinding } from './finding.ts'

/** What a script would do: SCAN without rests. */
measureFinding(async redis => {
  const found = new Set<string>()
  for await (const keys of redis.scanStream({ match: '*:meta', count: 1_000 }))
    for (const key of keys as string[]) found.add(key)
  return found.size
})
