import { type NameGroup, placeOf } from '../../../platform/area/names.ts'
import { parseQuery } from './parse.ts'

/** What is typed in the palette, as a search for jobs: a query where it is one, and else a text. */
export function jobSearchNamed(typed: string): NameGroup {
  const text = typed.trim()
  const query = parseQuery(text).ok ? text : `"${text.replace(/["\\]/g, character => `\\${character}`)}"`
  const items = [{ id: 'job-search', label: `Jobs: ${text}`, href: placeOf('queues/search', { q: query }) }]
  return { id: 'job-search', label: 'Search jobs', items: text === '' ? [] : items }
}
