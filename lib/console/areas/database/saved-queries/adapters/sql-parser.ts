import { loadModule, type Node, parseSync, scanSync } from 'libpg-query'
import { messageOf } from '../../../../../core/errors.ts'

export type SyntaxNode = Node

/** A word, a sign or a literal, by its bytes. */
export interface Token {
  start: number
  end: number
  text: string
}

export interface SqlParser {
  /** The statements of the text as trees; `at`: the bytes of each. */
  parse(text: string): { statements: { tree: Node; start: number; end: number }[] } | { problem: string }
  /** Without comments; undefined where the text cannot be split. */
  tokens(text: string): Token[] | undefined
}

/** Postgres' own parser, of version 18. What a newer server understands may be refused here. */
export async function openSqlParser(): Promise<SqlParser> {
  await loadModule()
  return {
    parse(text) {
      try {
        const { length } = Buffer.from(text)
        return {
          statements: (parseSync(text).stmts ?? []).flatMap(
            ({ stmt, stmt_location: start = 0, stmt_len: bytes = 0 }) =>
              stmt ? [{ tree: stmt, start, end: bytes === 0 ? length : start + bytes }] : [],
          ),
        }
      } catch (error) {
        return { problem: messageOf(error) }
      }
    },
    tokens(text) {
      try {
        return scanSync(text)
          .tokens.filter(({ text: token }) => !token.startsWith('--') && !token.startsWith('/*'))
          .map(({ start, end, text: token }) => ({ start, end, text: token }))
      } catch {
        return undefined
      }
    },
  }
}
