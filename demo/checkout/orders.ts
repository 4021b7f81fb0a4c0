import type { PostgresDatabase } from 'substation/database'
import type { Events } from 'substation/events'
import { orderPlaced } from '../shared/events.ts'

export interface Order {
  id: string
  product: number
  customer: number
  /** In cents, tax included. */
  amount: number
  /** `pending`: the payment provider could not be asked; the capture will. */
  status: 'authorised' | 'pending'
}

export interface Customer {
  id: number
  mailbox: string
  country: string
  card: string
}

/** What is to be done about an order once it is taken. */
export interface FollowUp {
  id: string
  amount: number
  mailbox: string
}

export interface Orders {
  /** With the event that says so: both are stored, or neither. */
  add(order: Order): Promise<void>
  customer(id: number): Promise<Customer | undefined>
  handedOver(id: string): Promise<void>
  /** Orders of some age whose jobs are not in the queues yet, oldest first. */
  waiting(limit: number): Promise<FollowUp[]>
}

/** Orders in Postgres: what was taken is kept there, whatever becomes of Redis. */
export function orders({ sql }: PostgresDatabase, events: Events): Orders {
  return {
    async add({ id, product, customer, amount, status }) {
      await sql.begin(async transaction => {
        await transaction`insert into shop.purchase (id, product, customer, amount, status)
          values (${id}, ${product}, ${customer}, ${amount}, ${status})`
        await events.publish(orderPlaced, { order: id, customer, product, amount }, { in: transaction })
      })
    },
    async customer(id) {
      const [found] = await sql<Customer[]>`select id, mailbox, country, card from shop.customer where id = ${id}`
      return found
    },
    async handedOver(id) {
      await sql`update shop.purchase set handed_over = true where id = ${id}`
    },
    waiting: limit => sql<FollowUp[]>`select p.id, p.amount, c.mailbox from shop.purchase p
      join shop.customer c on c.id = p.customer
      where not p.handed_over and p.created_at < now() - interval '5 seconds' order by p.created_at limit ${limit}`,
  }
}
