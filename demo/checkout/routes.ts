import { DatabaseError } from 'substation/database'
import { type Route, reply } from '../shared/http-server.ts'
import { readOrder } from '../shared/order-request.ts'
import type { placeOrder } from './place-order.ts'

export function checkoutRoutes(place: ReturnType<typeof placeOrder>): Route[] {
  return [
    {
      method: 'POST',
      path: '/orders',
      async handle({ body }) {
        const order = readOrder(body)
        if (!order) return reply(400, { error: 'An order names a product and a customer, by number' })
        try {
          const placed = await place(order)
          switch (placed.outcome) {
            case 'taken':
              return reply(201, { order: placed.order, status: placed.status })
            case 'declined':
              return reply(402, { error: placed.why })
            case 'unknown':
              return reply(404, { error: `There is no such ${placed.what}` })
          }
        } catch (error) {
          if (error instanceof DatabaseError) return reply(503, { error: 'Orders cannot be kept at the moment' })
          throw error
        }
      },
    },
  ]
}
