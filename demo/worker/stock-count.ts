import { messageOf } from 'substation/core'
import { createDatabase } from 'substation/database'
import type { Logger } from 'substation/logging'
import type { ServiceConfig } from '../shared/config.ts'

/** The first count begins two and a half minutes after the start, the others eight minutes after the one before. */
const FIRST = 150_000
const EVERY = 480_000
/** How long a count keeps its transaction open while it does nothing. */
const LEFT_OPEN = 40_000
const PRODUCTS = [1, 2]

interface StockCount {
  start(): void
  stop(): Promise<void>
}

/**
 * Locks the products it counts, and leaves its transaction open while the shelves are counted by hand: an old mistake, made on purpose.
 * New prices for those products wait for it. Orders do not: they need no more than the key of a product.
 */
export async function stockCount(config: ServiceConfig, logger: Logger): Promise<StockCount> {
  const open = (what: string, maxConnections: number) =>
    createDatabase({
      url: config.database.url,
      name: what,
      applicationName: `${config.instance}: ${what}`,
      maxConnections,
      idleTimeoutMs: 5_000,
    })
  const [counting, pricing] = await Promise.all([open('stock-count', 1), open('price-update', PRODUCTS.length)])
  let timer: NodeJS.Timeout | undefined
  let counted = () => {}

  async function count() {
    await counting.sql.begin(async transaction => {
      await transaction`select name from shop.product where id in ${transaction(PRODUCTS)} for no key update`
      const prices = Promise.all(
        PRODUCTS.map(id => pricing.sql`update shop.product set price = price where id = ${id}`.execute()),
      )
      prices.catch(error => logger.warn('could not change a price', { reason: messageOf(error) }))
      await new Promise<void>(resolve => {
        counted = resolve
        setTimeout(resolve, LEFT_OPEN).unref()
      })
    })
  }

  const begin = () => {
    timer = setTimeout(begin, EVERY)
    count().catch(error => logger.warn('the stock was not counted', { reason: messageOf(error) }))
  }
  return {
    start() {
      timer = setTimeout(begin, FIRST)
    },
    async stop() {
      clearTimeout(timer)
      counted()
      await Promise.all([counting.close(), pricing.close()])
    },
  }
}
