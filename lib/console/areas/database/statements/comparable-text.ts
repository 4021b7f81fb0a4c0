import { literalsAsParameters } from '../../../../infrastructure/database/index.ts'

/** A text by which a statement of Postgres and one that a service has sent are compared: without values, comments and how it is written. */
export function comparableText(text: string): string {
  return literalsAsParameters(text).replace(/\$\d+/g, '$0').replace(/\s+/g, ' ').replace(/;$/, '').trim()
}
