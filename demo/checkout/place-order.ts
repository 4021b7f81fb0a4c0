import { messageOf, newId } from 'substation/core'
import type { Logger } from 'substation/logging'
import { ProviderError } from '../providers/http-call.ts'
import type { Payments } from '../providers/payments.ts'
import type { Tax } from '../providers/tax.ts'
import type { Catalogue } from '../shared/catalogue.ts'
import type { OrderRequest } from '../shared/order-request.ts'
import type { HandOver } from './hand-over.ts'
import type { Order, Orders } from './orders.ts'

/** Charged while the tax service cannot be asked; the books are put right later. */
const USUAL_RATE = 0.21

type Placed =
  | { outcome: 'taken'; order: string; status: Order['status'] }
  | { outcome: 'unknown'; what: string }
  | { outcome: 'declined'; why: string }

interface Needs {
  logger: Logger
  catalogue: Catalogue
  tax: Tax
  payments: Payments
  orders: Orders
  handOver: HandOver
}

/**
 * Takes an order. A tax service, payment provider or Redis that is away does not lose it: the usual rate is charged, the
 * payment is left pending, and the jobs follow. Rejects when Postgres does not take it.
 */
export function placeOrder({ logger, catalogue, tax, payments, orders, handOver }: Needs) {
  return async function place(request: OrderRequest): Promise<Placed> {
    const [product, customer] = await Promise.all([
      catalogue.product(request.product),
      orders.customer(request.customer),
    ])
    if (!product) return { outcome: 'unknown', what: 'product' }
    if (!customer) return { outcome: 'unknown', what: 'customer' }
    const id = newId()
    const rate = await tax.rate(customer.country).catch(() => USUAL_RATE)
    const amount = Math.round(product.price * (1 + rate))
    let status: Order['status'] = 'authorised'
    try {
      await payments.authorise(id, amount, customer.card)
    } catch (error) {
      if (error instanceof ProviderError && error.status === 402) return { outcome: 'declined', why: error.message }
      logger.debug('payment left pending', { order: id, reason: messageOf(error) })
      status = 'pending'
    }
    await orders.add({ id, product: product.id, customer: customer.id, amount, status })
    await handOver.now({ id, amount, mailbox: customer.mailbox })
    return { outcome: 'taken', order: id, status }
  }
}
