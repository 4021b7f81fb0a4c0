import postgres from 'postgres'
import { createInsight, type Insight, type Question } from '../insight/index.ts'
import { createDatabase } from './servers.ts'

/** A database that is asked about itself, one of its own unless one is given, and sessions that do something there. */
export async function insightBench(url?: string) {
  const database = url === undefined ? await createDatabase() : { url, drop: async () => {} }
  const opened: { close(): Promise<void> }[] = []
  const sessions: postgres.Sql[] = []
  const insightTo = (url: string): Insight => {
    const insight = createInsight({ name: 'shop', url, application: 'insight-bench' })
    opened.push(insight)
    return insight
  }
  const insight = insightTo(database.url)
  const connect = (application: string) => {
    const sql = postgres(database.url, {
      max: 1,
      fetch_types: false,
      onnotice: () => {},
      connection: { application_name: application },
    })
    sessions.push(sql)
    return sql
  }
  const sql = connect('bench')
  /** Ends every session but its own, with whatever each holds. */
  const endSessions = async () => {
    await Promise.all(sessions.splice(1).map(session => session.end({ timeout: 0 })))
  }

  return {
    url: database.url,
    sql,
    connect,
    endSessions,
    ask: <T>(question: Question<T>) => insight.ask(question),
    /** What the account of this address is answered. */
    askAs: <T>(url: string, question: Question<T>) => insightTo(url).ask(question),
    /** A connection that has begun a transaction with these statements and goes on to nothing. */
    async idleInTransaction(application: string, ...statements: string[]) {
      const session = connect(application)
      const pid = await pidOf(session)
      await session.unsafe('begin')
      for (const statement of statements) await session.unsafe(statement)
      return { sql: session, pid }
    },
    /** A connection whose statement waits for a lock when this resolves; `ended` is how it ends. */
    async waiting(application: string, statement: string) {
      const session = connect(application)
      const pid = await pidOf(session)
      const ended = session.unsafe(statement).then(
        () => 'done',
        (error: { code?: string }) => error.code ?? 'failed',
      )
      await until(async () => {
        const [row] = await sql`select wait_event_type from pg_stat_activity where pid = ${pid}`
        return row?.wait_event_type === 'Lock'
      })
      return { sql: session, pid, ended }
    },
    /** The address of an account without any rights but to connect. */
    async stranger() {
      const name = `stranger_${new URL(database.url).pathname.slice(-12)}`
      await sql.unsafe(`create role ${name} login password 'pw'`)
      opened.push({ close: async () => void (await sql.unsafe(`drop role ${name}`)) })
      const url = new URL(database.url)
      url.username = name
      url.password = 'pw'
      return { name, url: url.href }
    },
    async close() {
      await endSessions()
      for (const one of opened.reverse()) await one.close()
      await sql.end({ timeout: 0 })
      await database.drop()
    },
  }
}

/** What an older server would be asked; `old` is a schema with its views as they were. */
export function asMajor<T>(major: number, question: Question<T>): Question<T> {
  return {
    ...question,
    answer: async ask => {
      await ask('set local search_path = old, pg_catalog')
      return question.answer(
        Object.assign(((...args) => ask(...args)) as typeof ask, { major, pooled: false, columns: ask.columns }),
      )
    },
  }
}

const pidOf = async (sql: postgres.Sql) => Number((await sql`select pg_backend_pid() as pid`)[0]?.pid)

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error('it did not come about within ten seconds')
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}
