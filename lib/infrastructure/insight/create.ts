import { createDatabase } from '../database/index.ts'
import type { Ask, AskParameter, Insight } from './port.ts'

/** What one statement may take, and how long it may wait for a lock. */
const STATEMENT_TIMEOUT = '2s'
const LOCK_TIMEOUT = '500ms'

/**
 * Reads a Postgres through its own few connections. The limits are set in each transaction and not when connecting: a pooler refuses
 * start-up parameters that it does not know, and gives the session away afterwards.
 */
export function createInsight({ name, url, application }: { name: string; url: string; application: string }): Insight {
  const open = () =>
    createDatabase(
      {
        name,
        url,
        maxConnections: 3,
        connectTimeoutMs: 2_000,
        idleTimeoutMs: 60_000,
        applicationName: application,
      },
      // So that what watching costs is told apart from what the services do.
      { origin: () => ({ service: application }) },
    )
  let opened: ReturnType<typeof open> | undefined

  return {
    async ask(question) {
      opened ??= open()
      const { sql } = await opened
      return sql.begin('read only', async transaction => {
        // Compiling a question to machine code takes longer than answering it.
        const session = await transaction<{ version: number; pid: number }[]>`
          select set_config('statement_timeout', ${STATEMENT_TIMEOUT}, true), set_config('lock_timeout', ${LOCK_TIMEOUT}, true),
            set_config('jit', 'off', true),
            current_setting('server_version_num')::int as version, pg_backend_pid() as pid`
        const { version, pid } = session[0] as { version: number; pid: number }
        const answerOf = (text: string, parameters: readonly AskParameter[] = []) =>
          transaction.unsafe(text, [...parameters])
        const send = async (text: string, parameters?: readonly AskParameter[]) => [
          ...(await answerOf(text, parameters)),
        ]
        const ask = Object.assign(send, {
          columns: async (text: string, parameters?: readonly AskParameter[]) =>
            (await answerOf(text, parameters)).columns.map(({ name, type }) => ({ name, type })),
          major: Math.floor(version / 10_000),
          // The pid from the connection's start-up; a pooler sends one of its own.
          pooled: session.state.pid !== pid,
        })
        return question.answer(ask as Ask)
      }) as ReturnType<typeof question.answer>
    },
    async close() {
      await (await opened)?.close({ timeoutMs: 1_000 })
    },
  }
}
