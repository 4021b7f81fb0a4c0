import type { LockOwner } from './port.ts'

/** `Ada (pid 4711, for 12 s)`. */
export function describeOwner({ application, account, pid, since }: LockOwner, now = Date.now()): string {
  const who = application.replace(/^substation-migrations\s*/, '') || application || account || 'another session'
  const age = since === undefined ? '' : `, for ${Math.max(0, Math.round((now - since) / 1000))} s`
  return `${who} (pid ${pid}${age})`
}
