import { LRUCache } from 'lru-cache'
import type { z } from 'zod'
import { forbidden } from '../access/forbidden.ts'
import type { Access, Actor } from '../access/roles.ts'
import { beginRead, inputOf } from '../audit/record-read.ts'
import type { RecordRefusal } from '../audit/record-refusal.ts'
import type { LiveHub, Topic } from '../live/hub.ts'
import type { AnyView, DataOf, ViewContext } from './define.ts'
import { canonical, type Dropped, parseFilters } from './filters.ts'

export interface Reading<Data> {
  view: string
  environment: string
  data: Data
  /** When it was read (ms). */
  at: number
  dropped: Dropped[]
  /** The topics it is made of: a browser that shows it asks again when one of them changed. */
  topics: readonly Topic[]
  /** Position in the live stream before the reading began: what comes after it is new. */
  cursor: number
}

interface Remembered {
  at: number
  version: number
  data: Promise<unknown>
}

export interface ViewReader {
  /** Refuses those without the permission; otherwise the data, shared with everyone who asks the same at the same time. */
  read<V extends AnyView>(
    view: V,
    context: Omit<ViewContext, 'permissions'>,
    actor: Actor,
    raw: Readonly<Record<string, unknown>>,
  ): Promise<Reading<DataOf<V>>>
}

/** Cached per replica: view + environment + filters + permissions, because what is hidden differs by permission. */
export function viewReader(
  hub: LiveHub,
  access: Access,
  topicsFor: (view: AnyView) => readonly Topic[] = view => view.topics,
  recordRefusal: RecordRefusal = async () => {},
): ViewReader {
  // What is no longer fresh is freed: a job shown in full may take megabytes.
  const memo = new LRUCache<string, Remembered>({ max: 500, ttl: 1_000, ttlAutopurge: true })
  return {
    async read<V extends AnyView>(
      view: V,
      context: Omit<ViewContext, 'permissions'>,
      actor: Actor,
      raw: Readonly<Record<string, unknown>>,
    ) {
      const { environment, store } = context
      const { filters, dropped } = parseFilters(view.filters, raw)
      const { audited } = view
      const target = audited?.target(filters)
      if (!access.isAllowed(actor.role, view.permission)) {
        const error = forbidden(`Viewing “${view.title}”`, access.roleFor(view.permission), actor)
        const refused = { environment: environment.name, operation: view.id, target, input: inputOf(view, filters) }
        if (audited) await recordRefusal(actor, refused, error.refusal)
        throw error
      }
      if (!audited || !target) return answer(view, context, actor, filters, dropped)
      const end = await beginRead(store.db, { view, environment: environment.name, actor, target, filters })
      const reading = await answer(view, context, actor, filters, dropped).catch(async error => {
        await end({ outcome: 'failed', message: 'It could not be read.' })
        throw error
      })
      await end(audited.outcome(reading.data))
      return reading
    },
  }

  async function answer<V extends AnyView>(
    view: V,
    context: Omit<ViewContext, 'permissions'>,
    actor: Actor,
    filters: z.output<V['filters']>,
    dropped: Dropped[],
  ): Promise<Reading<DataOf<V>>> {
    const { environment } = context
    const permissions = access.permissionsOf(actor.role)
    const key = [view.id, environment.name, canonical(filters), permissions.join()].join('\n')
    const cursor = hub.lastId
    const topics = topicsFor(view)
    const version = hub.version(environment.name, topics)
    const known = memo.get(key)
    if (known && known.version === version) {
      return {
        view: view.id,
        environment: environment.name,
        data: (await known.data) as DataOf<V>,
        at: known.at,
        dropped,
        topics,
        cursor,
      }
    }
    const at = Date.now()
    const data = view.read({ ...context, permissions }, filters) as Promise<unknown>
    memo.set(key, { at, version, data }, { ttl: view.freshFor })
    // A failed reading must not be served to the next asker.
    data.catch(() => {
      if (memo.peek(key)?.data === data) memo.delete(key)
    })
    return {
      view: view.id,
      environment: environment.name,
      data: (await data) as DataOf<V>,
      at,
      dropped,
      topics,
      cursor,
    }
  }
}
