import { type Activity, blockTree, type Session } from '../../../infrastructure/insight/index.ts'

/** A session that others wait for and that waits for no one itself. */
export interface Blocker {
  session: Session
  /** All who wait, directly or through others. */
  waiting: Session[]
  /** How long the one that waits longest has waited (ms). */
  longestMs: number
}

/** Those who hold up others, whoever holds up most first, then longest. */
export function blockersOf({ sessions }: Activity): Blocker[] {
  const byPid = new Map(sessions.map(session => [session.pid, session]))
  return blockTree(sessions)
    .filter(({ depth }) => depth === 0)
    .flatMap(({ pid, waiting: pids }): Blocker[] => {
      const session = byPid.get(pid)
      const waiting = pids.flatMap(waiter => byPid.get(waiter) ?? [])
      if (!session) return []
      return [{ session, waiting, longestMs: Math.max(0, ...waiting.map(({ waitingMs = 0 }) => waitingMs)) }]
    })
    .sort((a, b) => b.waiting.length - a.waiting.length || b.longestMs - a.longestMs)
}

/** `idle in transaction for 41 s`, for a sentence. */
export function stateWords({ state, stateMs, statementMs, kind }: Session): string {
  if (state === undefined) return kind ?? 'of an unknown state'
  const ms = state === 'active' ? statementMs : stateMs
  const words = state === 'active' ? 'running a statement' : state
  return ms === undefined ? words : `${words} for ${secondsWords(ms)}`
}

export function secondsWords(ms: number): string {
  const seconds = Math.round(ms / 1_000)
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`
}

/** `checkout-2 (pid 4711)` */
export const sessionName = ({ application, user, pid, kind }: Session) =>
  pid === 0 ? 'a prepared transaction' : `${application ?? user ?? kind ?? 'a session'} (pid ${pid})`
