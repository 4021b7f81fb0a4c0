import { createHash } from 'node:crypto'

const shas = new Map<string, string>()

/** The name under which Redis keeps a Lua script; computed once for each text. */
export function scriptSha(script: string): string {
  let sha = shas.get(script)
  if (sha === undefined) {
    sha = createHash('sha1').update(script).digest('hex')
    shas.set(script, sha)
  }
  return sha
}
