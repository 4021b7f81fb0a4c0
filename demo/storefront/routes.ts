import { ProviderError } from '../providers/http-call.ts'
import type { Catalogue } from '../shared/catalogue.ts'
import { type Route, reply } from '../shared/http-server.ts'
import { readOrder } from '../shared/order-request.ts'
import type { Suggestions } from '../shared/suggestions.ts'
import type { Trending } from '../shared/trending.ts'
import type { Checkouts } from './checkouts.ts'
import type { Sessions } from './sessions.ts'

/** The demo's shoppers have no cookies: what is looked at says who looks. */
const SHOPPERS = 500

interface Storefront {
  catalogue: Catalogue
  suggestions: Suggestions
  trending: Trending
  sessions: Sessions
  checkouts: Checkouts
}

export function storefrontRoutes({ catalogue, suggestions, trending, sessions, checkouts }: Storefront): Route[] {
  return [
    {
      method: 'GET',
      path: '/products/:id',
      async handle({ params }) {
        const id = Number(params.id)
        const product = Number.isInteger(id) && id > 0 && id < 2 ** 31 ? await catalogue.product(id) : undefined
        if (!product) return reply(404, { error: 'There is no such product' })
        await sessions.seen(id % SHOPPERS, id)
        return reply(200, product)
      },
    },
    {
      method: 'GET',
      path: '/categories/:name',
      async handle({ params: { name = '' } }) {
        const [products, bestsellers, ordersLastHour] = await Promise.all([
          catalogue.category(name),
          suggestions.of(name),
          trending.of(name),
        ])
        return reply(200, { products, bestsellers, ordersLastHour })
      },
    },
    {
      method: 'POST',
      path: '/orders',
      async handle({ body }) {
        const order = readOrder(body)
        if (!order) return reply(400, { error: 'An order names a product and a customer, by number' })
        try {
          return reply(201, await checkouts.placeOrder(order))
        } catch (error) {
          if (error instanceof ProviderError && error.status < 500) return reply(error.status, { error: error.message })
          return reply(503, { error: 'Orders cannot be taken at the moment' })
        }
      },
    },
  ]
}
