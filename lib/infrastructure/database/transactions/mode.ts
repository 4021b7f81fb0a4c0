import { TransactionError, type TransactionOptions } from './port.ts'

const LEVELS = new Set<unknown>(['read committed', 'repeatable read', 'serializable'])

/** What follows `begin`; empty for the server's own. https://www.postgresql.org/docs/current/sql-set-transaction.html */
export function modeOf({ isolation, readOnly, deferrable }: TransactionOptions): string {
  if (isolation !== undefined && !LEVELS.has(isolation))
    throw new TransactionError(`${JSON.stringify(isolation)} is not an isolation level of Postgres`, {
      code: 'TRANSACTION_OPTIONS',
      nextStep: 'Use read committed, repeatable read or serializable.',
    })
  const parts = [
    isolation === undefined ? '' : `isolation level ${isolation}`,
    readOnly === undefined ? '' : readOnly ? 'read only' : 'read write',
    deferrable === undefined ? '' : deferrable ? 'deferrable' : 'not deferrable',
  ]
  return parts.filter(part => part !== '').join(' ')
}
