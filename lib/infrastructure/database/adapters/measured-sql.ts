import type postgres from 'postgres'
import { DatabaseError } from '../port.ts'
import { type ActiveQuery, ActiveSince } from './active-query.ts'
import { HeldConnection, type HeldQuery } from './held-connection.ts'
import { translated } from './postgres-error.ts'

export type UnitKind = 'query' | 'transaction' | 'reservation'

/** It has or waits for a connection until its end. */
export interface Unit {
  end(): void
}

/** Called for what happens on a pool. A unit occupies a connection: a single query, a whole transaction, a reservation. */
export interface Meter {
  unitStarted(kind: UnitKind): Unit
  queryStarted(): void
  queryFailed(error: DatabaseError): void
  /** With its text as it was sent, and ms since the server was free for it. */
  queryAnswered?(text: string, ms: number): void
  /** What is written behind the statement that starts now. */
  comment?(): string
}

/** The part of postgres.js' Query that is used. Queries run lazily, so the call of `handler` is the moment one starts. */
interface LiveQuery extends HeldQuery, ActiveQuery {
  handler(query: LiveQuery): void
  strings: readonly string[]
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
  /** Set before it starts, where it is a cursor. */
  cursorFn?: unknown
  /** Set before it starts, where it is only described and not carried out. */
  onlyDescribe?: boolean
  /** Its text with parameters, once it was sent. */
  string?: string
}

const held = new WeakMap<object, HeldConnection>()

/** The connection of a transaction's `sql`; undefined for any other. */
export function heldConnection(sql: object): HeldConnection | undefined {
  return held.get(sql)
}

/**
 * The same `sql`, with every query measured and every rejection translated. This is done on the query objects because
 * postgres.js has no hooks for either; its cursors replace `resolve` and `reject` later, hence their accessors.
 */
export function measured<S extends postgres.ISql>(sql: S, meter: Meter, within?: HeldConnection | 'reserved'): S {
  const follow = (made: unknown): unknown => {
    if (isQuery(made)) followQuery(made, meter, within)
    return made
  }
  const scoped = (begin: (...args: unknown[]) => Promise<unknown>, isUnit: boolean) => {
    return async (...args: unknown[]) => {
      const work = args.at(-1) as (inner: postgres.TransactionSql) => unknown
      const connection = within instanceof HeldConnection ? within : new HeldConnection()
      let own: { error: unknown } | undefined
      args[args.length - 1] = async (inner: postgres.TransactionSql) => {
        try {
          const result = work(measured(inner, meter, connection))
          return await connection.unlessLost(Array.isArray(result) ? Promise.all(result) : result)
        } catch (error) {
          own = { error }
          throw error
        }
      }
      const unit = isUnit ? meter.unitStarted('transaction') : undefined
      try {
        return await (isUnit ? begin(...args) : connection.orLost(begin(...args)))
      } catch (error) {
        // Errors thrown by the work itself pass unchanged; all others come from the database.
        if (own?.error === error || error instanceof DatabaseError) throw error
        const known = translated(error)
        connection.failed(known)
        meter.queryFailed(known)
        throw known
      } finally {
        unit?.end()
      }
    }
  }
  const routed = new Proxy(sql, {
    apply: (target, self, args) => follow(Reflect.apply(target as unknown as (...a: unknown[]) => unknown, self, args)),
    get(target, property) {
      const value: unknown = Reflect.get(target, property)
      if (typeof value !== 'function') return value
      const call = value.bind(target) as (...args: unknown[]) => Promise<unknown>
      switch (property) {
        case 'unsafe':
        case 'file':
          return (...args: unknown[]) => follow(call(...args))
        case 'begin':
          return scoped(call, true)
        case 'savepoint':
          return scoped(call, false)
        case 'reserve':
          return () => reserved(call as () => Promise<postgres.ReservedSql>, meter)
        default:
          return value
      }
    },
  })
  if (within instanceof HeldConnection) held.set(routed, within)
  return routed
}

async function reserved(reserve: () => Promise<postgres.ReservedSql>, meter: Meter): Promise<postgres.ReservedSql> {
  const unit = meter.unitStarted('reservation')
  try {
    const inner = await reserve()
    const release = inner.release.bind(inner)
    let released = false
    inner.release = () => {
      if (released) return
      released = true
      unit.end()
      release()
    }
    return measured(inner, meter, 'reserved')
  } catch (error) {
    unit.end()
    throw translated(error)
  }
}

function isQuery(made: unknown): made is LiveQuery {
  return typeof made === 'object' && made !== null && 'handler' in made && 'resolve' in made && 'reject' in made
}

function followQuery(query: LiveQuery, meter: Meter, within: HeldConnection | 'reserved' | undefined): void {
  const connection = within === 'reserved' ? undefined : within
  let running = false
  let unit: Unit | undefined
  const active = meter.queryAnswered && new ActiveSince()
  const ended = () => {
    if (!running) return
    running = false
    unit?.end()
    connection?.running.delete(query)
  }
  const start = query.handler
  query.handler = own => {
    const refusal = connection?.refusal
    if (refusal) return query.reject(refusal)
    running = true
    meter.queryStarted()
    if (within === undefined) unit = meter.unitStarted('query')
    connection?.running.add(query)
    const comment = meter.comment?.()
    if (comment) own.strings = commented(own.strings, comment)
    intercept(query, 'resolve', (settle, value) => {
      const ms = active?.ended(own)
      // How long a cursor takes is up to who reads it.
      if (ms !== undefined && own.string !== undefined && own.cursorFn === undefined && !own.onlyDescribe)
        meter.queryAnswered?.(own.string, ms)
      ended()
      settle(value)
    })
    intercept(query, 'reject', (settle, error) => {
      const known = translated(error)
      connection?.failed(known)
      meter.queryFailed(known)
      active?.ended(own)
      ended()
      settle(known)
    })
    start(own)
    active?.started(own)
  }
}

/** The last piece of the template, or the whole of an unsafe statement, ends with the comment. */
function commented(strings: readonly string[], comment: string): readonly string[] {
  const last = strings.at(-1) ?? ''
  return [...strings.slice(0, -1), `${last} ${comment}`]
}

function intercept(
  query: LiveQuery,
  name: 'resolve' | 'reject',
  around: (settle: (x: unknown) => void, x: unknown) => void,
): void {
  let settle = query[name]
  const intercepted = (x: unknown) => around(settle, x)
  query[name] = intercepted
  // An accessor slows down every later access of the query, and a statement is accessed often.
  if (query.cursorFn === undefined) return
  Object.defineProperty(query, name, {
    configurable: true,
    get: () => intercepted,
    set(next: (x: unknown) => void) {
      settle = next
    },
  })
}
