import { forbidden } from '../../../platform/access/forbidden.ts'
import type { Access, Actor } from '../../../platform/access/roles.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { defineResource } from '../../../platform/environment/resource.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import type { SearchEvent } from './events.ts'
import { parseQuery } from './parse.ts'
import { searchJobs } from './search-jobs.ts'

/** Searches of one environment at a time: each asks its servers without a pause. */
const AT_A_TIME = 3

/** How many searches are under way. */
const JobSearches = defineResource('job-searches', () => ({ value: { underWay: 0 } }))

/** A search as a stream of lines of JSON. Refuses those who may not read queues, and a query that is not valid. */
export function askedSearch(
  environment: ConsoleEnvironment,
  access: Access,
  actor: Actor,
  query: string,
): ReadableStream<Uint8Array> {
  if (!access.isAllowed(actor.role, 'queue:read'))
    throw forbidden('Searching jobs', access.roleFor('queue:read'), actor)
  const parsed = parseQuery(query)
  if (!parsed.ok)
    throw new RefusalError({
      code: 'invalid',
      message: `The query is not valid at character ${parsed.problem.at + 1}: ${parsed.problem.message}`,
      fields: { q: parsed.problem.message },
    })
  const searches = environment.of(JobSearches)
  if (searches.underWay >= AT_A_TIME)
    throw new RefusalError({
      code: 'unavailable',
      message: `${AT_A_TIME} searches are under way in ${environment.name}.`,
      nextStep: 'Wait until one of them ends, then search again.',
    })
  searches.underWay++
  const stopped = new AbortController()
  const encoder = new TextEncoder()
  return new ReadableStream<Uint8Array>({
    async start(controller) {
      const emit = (event: SearchEvent) => {
        if (!stopped.signal.aborted) controller.enqueue(encoder.encode(`${JSON.stringify(event)}\n`))
      }
      try {
        await searchJobs(environment, {
          condition: parsed.condition,
          permissions: access.permissionsOf(actor.role),
          signal: stopped.signal,
          emit,
        })
        controller.close()
      } catch (error) {
        // Stopped by its reader, who gets no more of it.
        if (!stopped.signal.aborted) controller.error(error)
      } finally {
        searches.underWay--
      }
    },
    cancel: () => stopped.abort(),
  })
}
