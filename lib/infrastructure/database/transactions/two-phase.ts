import type postgres from 'postgres'
import { DatabaseError } from '../port.ts'
import type { Hooks } from './hooks.ts'
import { type Transaction, TransactionError, type TransactionOptions, type TwoPhase } from './port.ts'

interface Parts {
  pool: postgres.Sql
  prepare(
    id: string,
    work: (transaction: Transaction) => Promise<unknown>,
    options: TransactionOptions,
  ): Promise<Pick<Hooks, 'committed' | 'rolledBack'>>
}

export function twoPhase({ pool, prepare }: Parts): TwoPhase {
  async function end(how: 'commit' | 'rollback', id: string): Promise<void> {
    checkId(id)
    try {
      // These take no parameters; the id was checked.
      await pool.unsafe(`${how} prepared '${id}'`)
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.sqlState !== '42704') throw error
      throw new TransactionError(`There is no prepared transaction ${id} in this database`, {
        code: 'TRANSACTION_NOT_FOUND',
        cause: error,
      })
    }
  }
  return {
    async prepare(id, work, options = {}) {
      checkId(id)
      const hooks = await prepare(id, work, options).catch(error => {
        throw isDisabled(error) ? unsupported(error) : error
      })
      return {
        id,
        async commit() {
          await end('commit', id)
          await hooks.committed()
        },
        async rollback() {
          await end('rollback', id)
          await hooks.rolledBack({ outcome: 'rolled-back', error: undefined })
        },
      }
    },
    async list() {
      const rows = await pool<{ id: string; at: number; owner: string }[]>`
        select gid as id, (extract(epoch from prepared) * 1000)::float8 as at, owner
        from pg_prepared_xacts where database = current_database() order by prepared`
      return rows.map(({ id, at, owner }) => ({ id, at: new Date(at), owner }))
    },
    commit: id => end('commit', id),
    rollback: id => end('rollback', id),
  }
}

function checkId(id: string): void {
  if (/^[A-Za-z0-9_.-]{1,199}$/.test(id)) return
  throw new TransactionError('The id of a prepared transaction has 1 to 199 letters, digits, dots, _ and -', {
    code: 'TRANSACTION_OPTIONS',
  })
}

const isDisabled = (error: unknown) => error instanceof DatabaseError && error.sqlState === '55000'

function unsupported(cause: unknown): TransactionError {
  return new TransactionError('This server prepares no transactions: its max_prepared_transactions is 0', {
    code: 'TRANSACTION_UNSUPPORTED',
    nextStep: 'Set max_prepared_transactions in postgresql.conf above 0 and restart Postgres.',
    cause,
  })
}
