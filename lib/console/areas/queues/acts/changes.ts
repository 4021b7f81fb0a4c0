import { createPatch } from 'rfc6902'
import { parseJson } from '../../../../core/json.ts'

/** Values are cut to this in a preview. */
const SHOWN = 120

/** What changes from one JSON text to another, a line each: `/order/id: 42 → 43`. One that is not JSON changes as a whole. */
export function changesOf(before: string, after: string): { path: string; line: string }[] {
  const [old, fresh] = [parseJson(before), parseJson(after)]
  if (old === undefined) return before === after ? [] : [{ path: '', line: 'all of it' }]
  const shown = (value: unknown) => {
    const text = JSON.stringify(value) ?? 'nothing'
    return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text
  }
  return createPatch(old, fresh).map(change => {
    const path = change.path || '/'
    if (change.op === 'remove') return { path, line: `${path}: ${shown(at(old, change.path))} is removed` }
    if (change.op === 'add') return { path, line: `${path}: ${shown(change.value)} is added` }
    if (change.op === 'replace')
      return { path, line: `${path}: ${shown(at(old, change.path))} → ${shown(change.value)}` }
    return { path, line: `${path}: ${change.op}` }
  })
}

/** The value at a JSON pointer. */
function at(value: unknown, pointer: string): unknown {
  let found = value
  for (const part of pointer.split('/').slice(1)) {
    if (typeof found !== 'object' || found === null) return
    found = (found as Record<string, unknown>)[part.replaceAll('~1', '/').replaceAll('~0', '~')]
  }
  return found
}
