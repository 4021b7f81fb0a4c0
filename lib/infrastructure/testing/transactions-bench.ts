import { afterAll, beforeAll } from 'vitest'
import {
  createDatabase,
  createTransactions,
  type DrizzleTransactions,
  type PostgresDatabase,
} from '../database/index.ts'
import { createDatabase as createTestDatabase } from './servers.ts'

/** For the tests of a file: a database of their own, transactions on it, and an operator beside them. */
export function transactionsBench<S extends Record<string, unknown> = Record<string, never>>({
  maxConnections = 4,
  schema,
  onError = () => {},
}: {
  maxConnections?: number
  schema?: S
  onError?: (error: unknown) => void
} = {}) {
  let server: { url: string; drop(): Promise<void> }
  let database: PostgresDatabase<S>
  let operator: PostgresDatabase
  let transactions: DrizzleTransactions<S>
  beforeAll(async () => {
    server = await createTestDatabase()
    database = await createDatabase<S>({ url: server.url, maxConnections }, schema ? { schema } : {})
    operator = await createDatabase({ url: server.url, maxConnections: 1 })
    transactions = await createTransactions(database, { onError })
  })
  afterAll(async () => {
    await Promise.all([database.close({ timeoutMs: 100 }), operator.close()])
    await server.drop()
  })
  return {
    get server() {
      return server
    },
    get database() {
      return database
    },
    get operator() {
      return operator
    },
    get transactions() {
      return transactions
    },
  }
}
