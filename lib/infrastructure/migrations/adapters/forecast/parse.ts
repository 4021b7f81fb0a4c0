import { loadModule, type Node, parseSync } from 'libpg-query'
import { messageOf } from '../../../../core/errors.ts'

export type Parsed = { tree: Node } | { refused: string }
export type Parse = (sql: string) => Parsed

/** Postgres' own parser, of version 18. What a newer server understands may be refused here. */
export async function openParser(): Promise<Parse> {
  await loadModule()
  return sql => {
    try {
      const tree = parseSync(sql).stmts?.[0]?.stmt
      return tree ? { tree } : { refused: 'there is no statement' }
    } catch (error) {
      return { refused: messageOf(error) }
    }
  }
}
