import type postgres from 'postgres'

/** What a statement needs of where it is run. */
export interface SqlTarget {
  sql: postgres.Sql | postgres.TransactionSql
  /** Begins a transaction of this mode, or a savepoint in it; the work may return a list of statements, as postgres.js allows. */
  begin(mode: string, work: (sql: postgres.TransactionSql) => unknown): Promise<unknown>
}

type BeginWork = Parameters<SqlTarget['begin']>[1]

type Call = (...args: unknown[]) => unknown

/** The `sql` of a pool whose statements go wherever `target` says when they are made. */
export function routedSql(pool: postgres.Sql, target: () => SqlTarget): postgres.Sql {
  const on =
    (name: 'unsafe' | 'file'): Call =>
    (...args) => {
      const { sql } = target()
      return Reflect.apply(Reflect.get(sql, name) as Call, sql, args)
    }
  const routes: Record<string | symbol, Call> = {
    begin: (...args) => target().begin(typeof args[0] === 'string' ? args[0] : '', args.at(-1) as BeginWork),
    savepoint: (...args) => target().begin('', args.at(-1) as BeginWork),
    unsafe: on('unsafe'),
    file: on('file'),
    // That of postgres.js itself always goes to the pool, and tells of what may never be committed.
    notify: async (channel, payload) => target().sql`select pg_notify(${String(channel)}, ${String(payload)})`,
  }
  return new Proxy(pool, {
    apply: (_pool, self, args) => Reflect.apply(target().sql as unknown as Call, self, args),
    get: (_pool, name) => routes[name] ?? Reflect.get(pool, name),
    // Others ask `'savepoint' in sql` to know a transaction.
    has: (_pool, name) => name in routes || Reflect.has(pool, name),
  })
}
