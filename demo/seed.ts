import { createDatabase } from 'substation/database'

const CATEGORIES = ['cable', 'fuse', 'meter', 'relay', 'switch', 'transformer'] as const
const SIZES = [
  'small',
  'medium',
  'large',
  'double',
  'sealed',
  'outdoor',
  'heavy-duty',
  'three-phase',
  'spare',
  'used',
] as const
const COUNTRIES = ['NL', 'DE', 'FR', 'PL'] as const
const PRODUCTS = CATEGORIES.length * SIZES.length
const CUSTOMERS = 80

/** Makes the shop's tables and rows in the database of `url` where they are missing. May run twice, also at once. */
export async function seedDemo(url: string): Promise<{ products: number; customers: number }> {
  const database = await createDatabase({ url, name: 'seed', maxConnections: 1 })
  const { sql } = database
  try {
    await sql.begin(async tx => {
      // Two starts at once would meet in `create schema`, which is not safe against that.
      await tx`select pg_advisory_xact_lock(7411)`
      await tx`create schema if not exists shop`
      await tx`create table if not exists shop.product (
        id int primary key, name text not null, category text not null, price int not null)`
      await tx`create index if not exists product_category on shop.product (category)`
      await tx`create table if not exists shop.customer (
        id int primary key, mailbox text not null, country text not null, card text not null)`
      await tx`create table if not exists shop.purchase (
        id text primary key, product int not null references shop.product, customer int not null references shop.customer,
        amount int not null, status text not null, handed_over boolean not null default false,
        created_at timestamptz not null default now())`
      await tx`create index if not exists purchase_waiting on shop.purchase (created_at) where not handed_over`
      await tx`insert into shop.product ${tx(products())} on conflict do nothing`
      await tx`insert into shop.customer ${tx(customers())} on conflict do nothing`
    })
    return { products: PRODUCTS, customers: CUSTOMERS }
  } finally {
    await database.close()
  }
}

function products() {
  return Array.from({ length: PRODUCTS }, (_, i) => {
    const category = CATEGORIES[i % CATEGORIES.length] ?? 'cable'
    const size = SIZES[Math.floor(i / CATEGORIES.length)] ?? 'small'
    return { id: i + 1, name: `${category}, ${size}`, category, price: 250 + i * 137 }
  })
}

/** Two in eighty have a mailbox that is no more, four a card that is declined. */
function customers() {
  return Array.from({ length: CUSTOMERS }, (_, i) => ({
    id: i + 1,
    mailbox: i % 40 === 7 ? `customer-${i + 1}@closed.example` : `customer-${i + 1}@mail.example`,
    country: COUNTRIES[i % COUNTRIES.length] ?? 'NL',
    card: i % 20 === 13 ? 'card-declined' : `card-${i + 1}`,
  }))
}
