import { ProviderError } from '../providers/http-call.ts'
import type { Catalogue } from '../shared/catalogue.ts'
import { type Route, reply } from '../shared/http-server.ts'
import { readOrder } from '../shared/order-request.ts'
import type { Checkouts } from './checkouts.ts'

export function storefrontRoutes(catalogue: Catalogue, checkouts: Checkouts): Route[] {
  return [
    {
      method: 'GET',
      path: '/products/:id',
      async handle({ params }) {
        const id = Number(params.id)
        const product = Number.isInteger(id) && id > 0 && id < 2 ** 31 ? await catalogue.product(id) : undefined
        return product ? reply(200, product) : reply(404, { error: 'There is no such product' })
      },
    },
    {
      method: 'GET',
      path: '/categories/:name',
      handle: async ({ params }) => reply(200, await catalogue.category(params.name ?? '')),
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
