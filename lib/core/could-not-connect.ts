/** Codes of Node for a connection that was never made. */
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])

/** Whether nothing can have been sent: the error, or one that it wraps, says that no connection was made. */
export function couldNotConnect(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++)
    if (NEVER_CONNECTED.has(String((at as { code?: unknown }).code))) return true
  return false
}
