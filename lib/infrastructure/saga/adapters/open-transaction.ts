import type { TransactionSql } from 'postgres'
import { SagaError } from '../port.ts'

/**
 * A transaction that takes no statement any more once its step has ended. A step that was given up goes on running, and postgres.js would send what it
 * still writes on a connection that by then belongs to others.
 */
export function openTransaction(transaction: TransactionSql, isEnded: () => boolean): TransactionSql {
  const assertOpen = () => {
    if (isEnded())
      throw new SagaError('The step of this transaction has ended: it was given up, and nothing of it was kept', {
        code: 'SAGA_LOST',
      })
  }
  return new Proxy(transaction, {
    apply(target, self, given) {
      assertOpen()
      return Reflect.apply(target, self, given)
    },
    get(target, name) {
      const value = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return (...given: unknown[]) => {
        assertOpen()
        const work = given.map(each =>
          name === 'savepoint' && typeof each === 'function'
            ? (inner: TransactionSql) => each(openTransaction(inner, isEnded))
            : each,
        )
        return Reflect.apply(value, target, work)
      }
    },
  })
}
