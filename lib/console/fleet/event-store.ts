import { and, desc, eq, gte, lt, notInArray } from 'drizzle-orm'
import { fleetEvent } from '../../../drizzle/schema/index.ts'
import { storable } from '../../core/json.ts'
import type { Store } from '../platform/store/port.ts'
import { PROCESS_BACK, PROCESS_LOST, type StoredEvent } from './port.ts'

const KEPT_DAYS = 7

/** Fleet events in Postgres: available when Redis is down, and kept longer. Every replica may write; each event is stored once. */
export function eventStore({ db }: Store, environment: string) {
  return {
    /** Where the stream has been read up to; `0` before the first event. */
    async cursor(): Promise<string> {
      const rows = await db
        .select({ id: fleetEvent.streamId })
        .from(fleetEvent)
        .where(and(eq(fleetEvent.environment, environment), notInArray(fleetEvent.kind, [PROCESS_LOST, PROCESS_BACK])))
        .orderBy(desc(fleetEvent.at), desc(fleetEvent.streamId))
        .limit(50)
      return (
        rows
          .map(row => row.id)
          .sort(byStreamId)
          .at(-1) ?? '0'
      )
    },
    async add(events: Omit<StoredEvent, 'v'>[]): Promise<void> {
      await db
        .insert(fleetEvent)
        .values(
          // A process may cut a message in the middle of a character; that must not keep all others from being stored.
          storable(events).map(({ streamId, at, kind, process, service, instance, data }) => ({
            environment,
            streamId,
            // The time at which Redis received it, because the process' own clock may be off.
            at: new Date(kind === PROCESS_BACK ? at : Number(streamId.split('-')[0])),
            kind,
            process,
            service,
            instance,
            data,
          })),
        )
        .onConflictDoNothing()
    },
    /** The newest first; `at` is when Redis received them. */
    async recent(limit: number, kind?: string): Promise<(Omit<StoredEvent, 'v'> & { at: number })[]> {
      const rows = await db
        .select()
        .from(fleetEvent)
        .where(and(eq(fleetEvent.environment, environment), kind ? eq(fleetEvent.kind, kind) : undefined))
        .orderBy(desc(fleetEvent.at), desc(fleetEvent.streamId))
        .limit(limit)
      return rows.map(row => ({ ...row, at: row.at.getTime(), data: row.data as Record<string, unknown> }))
    },
    /** Those of one kind in a time span (ms), the newest first. */
    async between(
      kind: string,
      { from, to }: { from: number; to: number },
      limit: number,
    ): Promise<(Omit<StoredEvent, 'v'> & { at: number })[]> {
      const rows = await db
        .select()
        .from(fleetEvent)
        .where(
          and(
            eq(fleetEvent.environment, environment),
            eq(fleetEvent.kind, kind),
            gte(fleetEvent.at, new Date(from)),
            lt(fleetEvent.at, new Date(to)),
          ),
        )
        .orderBy(desc(fleetEvent.at), desc(fleetEvent.streamId))
        .limit(limit)
      return rows.map(row => ({ ...row, at: row.at.getTime(), data: row.data as Record<string, unknown> }))
    },
    async prune(): Promise<void> {
      await db
        .delete(fleetEvent)
        .where(
          and(
            eq(fleetEvent.environment, environment),
            lt(fleetEvent.at, new Date(Date.now() - KEPT_DAYS * 86_400_000)),
          ),
        )
    },
  }
}

export type EventStore = ReturnType<typeof eventStore>

function byStreamId(a: string, b: string): number {
  const [aMs = 0, aSeq = 0] = a.split('-').map(Number)
  const [bMs = 0, bSeq = 0] = b.split('-').map(Number)
  return aMs - bMs || aSeq - bSeq
}
