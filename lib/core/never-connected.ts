/** Codes of Node for a connection that was never made: nothing was sent. */
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])

/** Whether a request has certainly not been sent, because there was no connection to send it on. */
export function neverConnected(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++)
    if (NEVER_CONNECTED.has(String((at as { code?: unknown }).code))) return true
  return false
}
